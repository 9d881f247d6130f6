import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/frame.css';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router.ts';
import { takeSeat } from './state/desk.ts';
import { whoAmI } from './state/ground-client.ts';

// Asked before anything is drawn: somebody who is signed in never sees the sign-in page flash by.
const answer = await whoAmI();
if (answer.ok && answer.value.me !== null) takeSeat(answer.value.me);
createApp(App).use(router).mount('#app');
