/** ES modules straight through swc: ts-jest does not take TypeScript 7. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  setupFilesAfterEnv: ['<rootDir>/test/support/quiet-log.ts'],
  globalSetup: '<rootDir>/test/support/before-all.ts',
  globalTeardown: '<rootDir>/test/support/after-all.ts',
  // Generous: a busy machine is no failure, only what hangs is.
  testTimeout: 60_000,
  maxWorkers: 2,
};
