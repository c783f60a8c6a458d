/** Names under which Nest injects what is not a class. */
export const LOG = Symbol('Log');
/** Customers may name themselves: in every run mode but production. */
export const DEMO_MODE = Symbol('demo mode');
/** Requests to place orders that one customer may send. */
export const REQUESTS_PER_MINUTE = Symbol('requests per minute');
