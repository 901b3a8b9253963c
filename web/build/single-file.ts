/**
 * The whole page in one file.
 *
 * In: a build in which Vite inlined every file but the page's script and style. Out: `sniffit.html` and nothing else. Guaranteed:
 * it names no other file, and its policy lets only this very script and this very style run.
 */

import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { withSingleFilePolicy } from './policy.ts';

/** Workers become `blob:`s, because a page that was opened from a disk may load no other file. */
export function inlineWorkers(): Plugin {
  return {
    name: 'inline-workers',
    enforce: 'pre',
    apply: 'build',
    resolveId(source, importer, options) {
      if (!source.endsWith('?worker')) return null;
      return this.resolve(`${source}&inline`, importer, { ...options, skipSelf: true });
    },
  };
}

export function singleFile(iconPath: string): Plugin {
  return {
    name: 'single-file',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        let html: string | undefined;
        const scripts: string[] = [];
        const styles: string[] = [];
        for (const [name, file] of Object.entries(bundle)) {
          if (file.type === 'chunk') scripts.push(file.code);
          else if (name.endsWith('.css')) styles.push(text(file.source));
          else if (name === 'index.html') html = text(file.source);
          else this.error(`${name} was not inlined`);
          delete bundle[name];
        }
        const [script, style] = [scripts[0], styles[0]];
        if (html === undefined || script === undefined || style === undefined || scripts.length + styles.length !== 2) {
          this.error('the single file is made of one page, one script and one style');
        }
        const icon = `data:image/svg+xml;base64,${readFileSync(iconPath).toString('base64')}`;
        this.emitFile({ type: 'asset', fileName: 'sniffit.html', source: joined(html, script, style, icon) });
      },
    },
  };
}

/** The page with script and style in it. What is left of addresses of other files is an error. */
export function joined(html: string, script: string, style: string, icon: string): string {
  const safeScript = script.replace(/<\/script/gi, '<\\/script').replace(/<!--/g, '<\\!--');
  const safeStyle = style.replace(/<\/style/gi, '<\\/style');
  let page = html
    .replace(/\s*<link rel="manifest"[^>]*>/, '')
    .replace(/\s*<link rel="stylesheet"[^>]*>/g, '')
    .replace(/\s*<link rel="modulepreload"[^>]*>/g, '')
    .replace(/\s*<script type="module"[^>]*><\/script>/g, '')
    .replace(/(<link rel="icon" href=")[^"]*/, (_all, start: string) => `${start}${icon}`);
  const left = /<(?:script|link)[^>]*(?:src|href)="(?!data:)[^"]*"/.exec(page)?.[0];
  if (left !== undefined) throw new Error(`the single file still names another one: ${left}`);
  page = withSingleFilePolicy(page, safeScript, safeStyle);
  // The script comes last, when all that it looks for is there; a module waits for that anyway.
  return page
    .replace('</head>', () => `<style>${safeStyle}</style>\n  </head>`)
    .replace('</body>', () => `<script type="module">${safeScript}</script>\n  </body>`);
}

function text(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : Buffer.from(source).toString('utf8');
}
