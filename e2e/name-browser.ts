import { findBrowser } from '@checkout/testkit';

/** Once a run: unpacks the browser if need be, and says which one the tests are about. */
export default async function nameBrowser(): Promise<void> {
  console.log(`browser ${(await findBrowser()).name}`);
}
