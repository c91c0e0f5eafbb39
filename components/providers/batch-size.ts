/** Calls in one request at most: the browser sends no more, and the server refuses a longer batch. */
export const MAX_BATCH_SIZE = 20;
