// Runs before the first paint: main opens the page with `?theme=day|night&lang=zh|en`, so a till set to night never
// flashes white. A file of its own because the content security policy allows no inline script.
(() => {
  const wanted = new URLSearchParams(window.location.search);
  const root = document.documentElement;
  root.dataset.theme = wanted.get('theme') === 'day' ? 'day' : 'night';
  root.dataset.lang = wanted.get('lang') === 'en' ? 'en' : 'zh';
  root.lang = root.dataset.lang === 'en' ? 'en' : 'zh-CN';
  // The first question to IndexedDB starts its service, and the till can open only when that answers.
  void indexedDB.databases();
})();
