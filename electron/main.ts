// Composition root of the product. Not `await app.whenReady()` here: at the top level of an ES module main it hangs.
import { composeReal } from './app/compose.ts';
import { runApp } from './app/run-app.ts';

runApp(composeReal, import.meta.dirname);
