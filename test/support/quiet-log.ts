/** The lines that the functions log are no news of a test run; a test that looks at them catches them itself. */
const { stdout } = process;
const write = stdout.write;

stdout.write = function (this: typeof stdout, ...line: Parameters<typeof write>): boolean {
  return String(line[0]).startsWith('{"timestamp":') || Reflect.apply(write, this, line);
};

afterAll(() => {
  stdout.write = write;
});
