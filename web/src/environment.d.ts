/**
 * What the build gives to the sources: constants, and imports that are no modules of ours.
 *
 * In: nothing. Out: types. Guaranteed: each name here is defined in vite.config.ts for both builds.
 */

/** The version of the workspace, of Cargo.toml. */
declare const __VERSION__: string;

/** Whether all of the page is in one file, which may have been opened without a server. */
declare const __SINGLE_FILE__: boolean;

declare module '*.css' {}

/** The module of the analysis: an address, or in the single file a `data:` address that holds it. */
declare module 'analyzer-wasm/module?url' {
  const address: string;
  export default address;
}

/** The same for tests, which have no server: a `data:` address. */
declare module 'analyzer-wasm/module?url&inline' {
  const address: string;
  export default address;
}

/** The capture of the demo, likewise. */
declare module 'demo-capture?url' {
  const address: string;
  export default address;
}

/** A worker: a file of its own, or in the single file a `blob:`. */
declare module '*?worker' {
  const PageWorker: new (options?: { name?: string }) => Worker;
  export default PageWorker;
}
