import path from 'node:path';
import { Router } from 'express';
import type { RequestHandler } from 'express';

/**
 * The dashboard: a page and its script and style, built from `media/`. They hold no secret and so need no token; the
 * page takes it from the fragment of its URL, which browsers never send.
 */

const FILES: Readonly<Record<string, string>> = {
  '/': 'dashboard.html',
  '/dashboard.js': 'dashboard.js',
  '/dashboard.css': 'dashboard.css',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** @param webviewDir absolute folder of the built pages */
export function dashboard(webviewDir: string): Router {
  const router = Router();
  for (const [url, file] of Object.entries(FILES)) router.get(url, serve(path.join(webviewDir, file), url === '/'));
  // Browsers ask for it by themselves; an error for every visit would only be noise.
  router.get('/favicon.ico', (_request, response) => void response.status(204).end());
  return router;
}

function serve(file: string, isPage: boolean): RequestHandler {
  return (_request, response, next) => {
    response.set('content-security-policy', POLICY);
    response.sendFile(file, { cacheControl: false, dotfiles: 'allow' }, (error?: Error) => {
      if (!error || response.headersSent) return;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return next(error);
      if (!isPage) return next();
      response.status(404).type('text/plain');
      response.send(
        'The dashboard is not built: run `npm run build`. The control API works without it, see /api/snapshot.\n',
      );
    });
  };
}
