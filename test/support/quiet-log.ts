/** The lines that the functions log are no news of a test run; a test that looks at them catches them itself. */
const { stdout } = process;
const { write } = stdout;

Object.assign(stdout, {
  write: (...line: Parameters<typeof write>): boolean =>
    String(line[0]).startsWith('{"timestamp":') || Reflect.apply(write, stdout, line),
});

afterAll(() => {
  Object.assign(stdout, { write });
});
