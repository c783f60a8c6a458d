import { expect, type Locator, type Page, type Request } from '@playwright/test';

/** The shop as a reader of the screen knows it: by roles and names. */
export class ShopPage {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto('/');
    await expect(this.page.getByRole('button', { name: /^Add .* to cart$/ })).not.toHaveCount(0);
  }

  async add(product: string, pieces: number): Promise<void> {
    await this.page.getByRole('button', { name: `Add ${product} to cart` }).click();
    await this.quantityOf(product).fill(String(pieces));
    await this.page.getByRole('heading', { name: 'Cart' }).click();
    await expect(this.quantityOf(product)).toHaveValue(String(pieces));
  }

  quantityOf(product: string): Locator {
    return this.page.getByRole('textbox', { name: `Quantity of ${product}` });
  }

  async payWith(card: string): Promise<void> {
    const cards = this.page.getByRole('group', { name: 'Test card' });
    await cards.getByRole('radio', { name: card, exact: true }).check();
  }

  /** A cart with these pieces, ready for the press. */
  async fill(product: string, pieces: number, card = 'Succeeds'): Promise<void> {
    await this.open();
    await this.add(product, pieces);
    await this.payWith(card);
  }

  placeOrder(): Locator {
    return this.page.getByRole('button', { name: 'Place order' });
  }

  orderStatus(): Locator {
    return this.page.getByRole('status', { name: 'Order status' });
  }

  history(): Locator {
    return this.page.getByRole('region', { name: 'What happened' }).getByRole('listitem');
  }

  cancelOrder(): Locator {
    return this.page.getByRole('button', { name: 'Cancel order' });
  }

  async confirmCancelling(): Promise<void> {
    await this.cancelOrder().click();
    const dialog = this.page.getByRole('dialog', { name: /^Cancel order/ });
    await dialog.getByRole('button', { name: 'Yes, cancel it' }).click();
  }

  /** The keys of all requests of a kind that the page sends from now on. */
  watchKeys(isMeant: (request: Request) => boolean = isPlacing): string[] {
    const keys: string[] = [];
    this.page.on('request', (request) => {
      if (isMeant(request)) keys.push(request.headers()['idempotency-key'] ?? 'none');
    });
    return keys;
  }

  /** Its reader turns to another window, or comes back. */
  async turn(state: DocumentVisibilityState): Promise<void> {
    await this.page.evaluate((visibility) => {
      Object.defineProperty(document, 'visibilityState', {
        value: visibility,
        configurable: true,
      });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  }

  /** As the page remembers it. */
  async customerId(): Promise<string> {
    const id = await this.page.evaluate(async () => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(new Error(request.error?.message));
        });
      const database = await done(indexedDB.open('checkout'));
      const memory = database.transaction('memory').objectStore('memory').get('this browser');
      const { customerId } = (await done(memory)) as { customerId: string | null };
      database.close();
      return customerId;
    });
    if (!id) throw new Error('the page knows no customer');
    return id;
  }
}

export function isPlacing(request: Request): boolean {
  return request.method() === 'POST' && new URL(request.url()).pathname === '/api/orders';
}

export function isCancelling(request: Request): boolean {
  return request.method() === 'POST' && new URL(request.url()).pathname.endsWith('/cancel');
}
