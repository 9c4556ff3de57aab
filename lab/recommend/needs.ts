import { z } from 'zod';

export const LANGUAGES = [
  'c++',
  'c',
  'go',
  'java',
  'javascript',
  'kotlin',
  'dotnet',
  'php',
  'python',
  'ruby',
  'rust',
  'swift',
  'other',
] as const;

/** What somebody needs of a broker. Every field has a plain default: what was not said is not needed. */
export const Needs = z.strictObject({
  /** Which messages must not overtake each other. */
  order: z.enum(['none', 'key', 'all']).default('none'),
  /** Read again what was read before, or by somebody who was not there then. */
  replay: z.boolean().default(false),
  /** How many parties each want every message. */
  fanOut: z.int().min(1).max(100_000).default(1),
  /** Of a message, in bytes. */
  size: z.int().min(1).default(1_024),
  /** Messages a second, at its highest. */
  rate: z.number().positive().default(10),
  /** How long a message must be kept at most, in hours. */
  retentionHours: z.number().positive().default(24),
  /** What producers and consumers are written in. */
  languages: z.array(z.enum(LANGUAGES)).default([]),
  /** What may be paid while nothing happens: nothing, something by the hour, or whatever it takes. */
  budget: z.enum(['idle-free', 'low', 'any']).default('low'),
  /** It must be Kafka: clients, tools or people that know nothing else. */
  kafka: z.boolean().default(false),
});
export type Needs = z.infer<typeof Needs>;
