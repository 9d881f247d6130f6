// Runs before the first paint, so that a phone in a dark cabin never flashes white. A file of its own because the content
// security policy allows no inline script. The choices are kept by stores/preferences.ts.
(() => {
  const kept = (name) => {
    try {
      return window.localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const isDark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = kept('theme') ?? (isDark ? 'night' : 'day');
  root.dataset.theme = theme === 'night' ? 'night' : 'day';
  const language = kept('language') ?? window.navigator.language;
  root.lang = language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
})();
