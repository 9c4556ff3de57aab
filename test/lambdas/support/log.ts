import { jest } from '@jest/globals';

/** Catches what is logged while `run` is under way, line by line. */
export const logged = async (run: () => Promise<unknown>): Promise<string[]> => {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  try {
    await run();
  } finally {
    write.mockRestore();
  }
  return lines;
};
