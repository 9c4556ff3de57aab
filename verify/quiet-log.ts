/** Imported first by a check that runs a function's code by itself: what that logs would stand between what is checked. */
process.env.AWS_LAMBDA_LOG_LEVEL = 'FATAL';
