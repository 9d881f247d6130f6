// Before the first paint, so that a console set to night never flashes white. A file of its own because the content
// security policy allows no inline script.
(() => {
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(`cabintill-console-${name}`);
    } catch {
      return null;
    }
  };
  const prefersNight = matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = kept('theme') ?? (prefersNight ? 'night' : 'day');
  const language = kept('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
})();
