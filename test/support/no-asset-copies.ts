/**
 * Imported by tests that look at templates only: the code of the functions stays where it was built. Else each app copies
 * all of it to a temporary directory and removes that when the process ends, for which jest does not wait: it kills a
 * worker that takes half a second to end, and the copy is left behind.
 */
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:disable-asset-staging': true });
