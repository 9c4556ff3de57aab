import { bundled } from '../lib/bundling.ts';

const platform = { os: 'linux', cpu: 'arm64' } as const;

test.each(['get-job/handler.ts', 'handler.ts', 'lambdas/get-job/index.ts'])(
  '%s is refused, with how an entry is called, before anything is built',
  (entry) => {
    expect(() => bundled(entry, platform)).toThrow(
      `${entry}: an entry is called <directory>/<name>/handler.ts`,
    );
  },
);

test('a handler that is not there is named', () => {
  expect(() => bundled('lambdas/no-such-function/handler.ts', platform)).toThrow('there is no such handler');
});
