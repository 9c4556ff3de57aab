import type { Report } from '../../../lab/report/page.ts';
import { settings } from '../../lab/support/context.ts';

/** The report of a lab that has measured nothing. */
export const emptyReport: Report = {
  target: 'local',
  startedAt: '2026-11-23T12:00:00.000Z',
  versions: {},
  settings,
  candidates: [],
  cells: [],
  results: [],
  interrupted: false,
};
