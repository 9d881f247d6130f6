import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export type ScreenName = 'sell' | 'bills' | 'flight' | 'devices';

/** Which screen is open, and a short word to the crew that is not a refusal. */
export const useScreenStore = defineStore('screen', () => {
  const screen = shallowRef<ScreenName>('sell');
  const isSlipsOpen = shallowRef(false);
  return {
    screen,
    isSlipsOpen,
    go: (to: ScreenName) => {
      screen.value = to;
      isSlipsOpen.value = false;
    },
  };
});
