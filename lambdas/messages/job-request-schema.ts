import * as z from 'zod';
import { JobRequest } from './job-request.ts';

/**
 * The body of `POST /v1/jobs` as JSON Schema draft-04, the dialect of API Gateway's models
 * (API Gateway guide, "Data models for REST APIs").
 */
export const jobRequestSchema = z.toJSONSchema(JobRequest, { target: 'draft-04', io: 'input' });
