import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import { OTHER_BROWSER_HASH } from '../web/phone-api.ts';
import CodeScreen from './screens/CodeScreen.vue';
import ConfirmScreen from './screens/ConfirmScreen.vue';
import FlyModeScreen from './screens/FlyModeScreen.vue';
import HomeScreen from './screens/HomeScreen.vue';
import MenuScreen from './screens/MenuScreen.vue';
import MoreScreen from './screens/MoreScreen.vue';
import OtherBrowserScreen from './screens/OtherBrowserScreen.vue';
import OrderCodeScreen from './screens/OrderCodeScreen.vue';
import PictureScreen from './screens/PictureScreen.vue';
import PurchasesScreen from './screens/PurchasesScreen.vue';
import RefusedScreen from './screens/RefusedScreen.vue';
import ScanScreen from './screens/ScanScreen.vue';
import SignUpConsentScreen from './screens/SignUpConsentScreen.vue';
import SignUpFlightScreen from './screens/SignUpFlightScreen.vue';
import SignUpSeatScreen from './screens/SignUpSeatScreen.vue';
import SignUpWalletScreen from './screens/SignUpWalletScreen.vue';
import WaitingScreen from './screens/WaitingScreen.vue';

/** Addresses behind `#`: the server sees one page, and the address holds nothing secret. */
export function createPhoneRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(import.meta.env.BASE_URL),
    routes: [
      { path: '/', name: 'home', component: HomeScreen },
      { path: '/sign-up/flight', name: 'sign-up-flight', component: SignUpFlightScreen },
      { path: '/sign-up/seat', name: 'sign-up-seat', component: SignUpSeatScreen },
      { path: '/sign-up/wallet', name: 'sign-up-wallet', component: SignUpWalletScreen },
      { path: '/sign-up/consent', name: 'sign-up-consent', component: SignUpConsentScreen },
      { path: OTHER_BROWSER_HASH.slice(1), name: 'other-browser', component: OtherBrowserScreen },
      { path: '/flight/:id/waiting', name: 'waiting', component: WaitingScreen },
      { path: '/flight/:id/refused', name: 'refused', component: RefusedScreen },
      { path: '/flight/:id/fly-mode', name: 'fly-mode', component: FlyModeScreen },
      { path: '/flight/:id/picture', name: 'picture', component: PictureScreen },
      { path: '/flight/:id/code', name: 'code', component: CodeScreen },
      { path: '/flight/:id/menu', name: 'menu', component: MenuScreen },
      { path: '/flight/:id/order', name: 'order', component: OrderCodeScreen },
      { path: '/flight/:id/purchases', name: 'purchases', component: PurchasesScreen },
      { path: '/flight/:id/more', name: 'more', component: MoreScreen },
      { path: '/flight/:id/scan', name: 'scan', component: ScanScreen },
      { path: '/flight/:id/confirm', name: 'confirm', component: ConfirmScreen },
      { path: '/:rest(.*)*', redirect: { name: 'home' } },
    ],
  });
  router.afterEach(() => {
    window.scrollTo(0, 0);
  });
  return router;
}
