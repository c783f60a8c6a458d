/** Who wants to be told, and with what it is signed. Without one, events are only listed. */
export interface WebhookEndpoint {
  readonly url: string;
  readonly secret: string;
}

export const WEBHOOK_ENDPOINT = Symbol('the endpoint that wants to be told');
