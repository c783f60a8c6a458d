import { expect, type Locator, type Page, type Request } from '@playwright/test';

/** The shop as a reader of the screen knows it: by roles and names. */
export class ShopPage {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto('/');
    await expect(this.page.getByRole('heading', { name: 'Shop' })).toBeVisible();
  }

  async add(product: string, pieces: number): Promise<void> {
    const button = this.page.getByRole('button', { name: `Add ${product} to cart` });
    for (let i = 0; i < pieces; i++) await button.click();
    await expect(this.page.getByLabel(`Quantity of ${product}`)).toHaveValue(String(pieces));
  }

  async payWith(card: string): Promise<void> {
    const cards = this.page.getByRole('group', { name: 'Test card' });
    await cards.getByRole('radio', { name: card }).check();
  }

  placeOrder(): Locator {
    return this.page.getByRole('button', { name: 'Place order' });
  }

  orderStatus(): Locator {
    return this.page.getByRole('status', { name: 'Order status' });
  }

  /** The keys of all orders that the page sends from now on. */
  watchKeys(): string[] {
    const keys: string[] = [];
    this.page.on('request', (request) => {
      if (isPlacing(request)) keys.push(request.headers()['idempotency-key'] ?? 'none');
    });
    return keys;
  }

  async customerId(): Promise<string> {
    const id = await this.page.evaluate(() => localStorage.getItem('checkout.customer'));
    if (!id) throw new Error('the page knows no customer');
    return id;
  }
}

export function isPlacing(request: Request): boolean {
  return request.method() === 'POST' && new URL(request.url()).pathname === '/api/orders';
}
