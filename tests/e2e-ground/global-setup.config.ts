// Playwright takes a default export here.
import { buildPhonePages } from './build-phone-pages.ts';

export default buildPhonePages;
