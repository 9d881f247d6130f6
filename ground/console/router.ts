// Every page. Addresses stand behind a #, so that the server has one page to give out.
import { createRouter, createWebHashHistory } from 'vue-router';
import { desk } from './state/desk.ts';
import AuditScreen from './screens/AuditScreen.vue';
import BatchScreen from './screens/BatchScreen.vue';
import BatchesScreen from './screens/BatchesScreen.vue';
import CatalogueScreen from './screens/CatalogueScreen.vue';
import DenyListScreen from './screens/DenyListScreen.vue';
import DifferencesScreen from './screens/DifferencesScreen.vue';
import FleetScreen from './screens/FleetScreen.vue';
import FlightScreen from './screens/FlightScreen.vue';
import FlightsScreen from './screens/FlightsScreen.vue';
import FollowUpsScreen from './screens/FollowUpsScreen.vue';
import MembersScreen from './screens/MembersScreen.vue';
import MissingScreen from './screens/MissingScreen.vue';
import OrderScreen from './screens/OrderScreen.vue';
import OrdersScreen from './screens/OrdersScreen.vue';
import SignInScreen from './screens/SignInScreen.vue';

export const router = createRouter({
  history: createWebHashHistory('/console/'),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: SignInScreen },
    // The two pages with charts bring the chart library along: only when they are opened.
    { path: '/', name: 'overview', component: () => import('./screens/OverviewScreen.vue') },
    { path: '/flights', name: 'flights', component: FlightsScreen },
    { path: '/flights/:leg', name: 'flight', component: FlightScreen, props: true },
    { path: '/batches', name: 'batches', component: BatchesScreen },
    { path: '/batches/:id', name: 'batch', component: BatchScreen, props: true },
    { path: '/orders', name: 'orders', component: OrdersScreen },
    { path: '/orders/:orderNumber', name: 'order', component: OrderScreen, props: true },
    { path: '/follow-ups', name: 'follow-ups', component: FollowUpsScreen },
    { path: '/differences', name: 'differences', component: DifferencesScreen },
    { path: '/members', name: 'members', component: MembersScreen },
    { path: '/deny-list', name: 'deny-list', component: DenyListScreen },
    { path: '/risk', name: 'risk', component: () => import('./screens/RiskScreen.vue') },
    { path: '/catalogue', name: 'catalogue', component: CatalogueScreen },
    { path: '/fleet', name: 'fleet', component: FleetScreen },
    { path: '/audit', name: 'audit', component: AuditScreen },
    { path: '/:rest(.*)*', name: 'missing', component: MissingScreen },
  ],
});

router.beforeEach((to) => {
  const isSignedIn = desk.me !== null;
  if (!isSignedIn && to.name !== 'sign-in') return { name: 'sign-in', query: { to: to.fullPath } };
  if (isSignedIn && to.name === 'sign-in') return { name: 'overview' };
  return true;
});

// A filter keeps the place, another page begins at its top.
router.afterEach((to, from) => {
  if (to.path !== from.path) window.scrollTo({ top: 0 });
});
