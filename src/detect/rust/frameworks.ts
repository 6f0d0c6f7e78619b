/** Frameworks by crate; a port only where the framework listens on one without being told. */
export interface RustFramework {
  id: string;
  crates: readonly string[];
  port?: number;
}

export const rustFrameworks: readonly RustFramework[] = [
  { id: 'axum', crates: ['axum'] },
  { id: 'actix-web', crates: ['actix-web'] },
  // https://rocket.rs/guide/v0.5/configuration/#overview
  { id: 'rocket', crates: ['rocket'], port: 8000 },
  { id: 'warp', crates: ['warp'] },
  { id: 'poem', crates: ['poem'] },
  { id: 'tide', crates: ['tide'] },
  { id: 'salvo', crates: ['salvo'] },
  // https://loco.rs/docs/getting-started/guide/
  { id: 'loco', crates: ['loco-rs'], port: 5150 },
  { id: 'tonic', crates: ['tonic'] },
  { id: 'leptos', crates: ['leptos'] },
  { id: 'yew', crates: ['yew'] },
  { id: 'dioxus', crates: ['dioxus'] },
  { id: 'tauri', crates: ['tauri'] },
  { id: 'bevy', crates: ['bevy'] },
  { id: 'egui', crates: ['egui', 'eframe'] },
  { id: 'iced', crates: ['iced'] },
  { id: 'ratatui', crates: ['ratatui'] },
  { id: 'wasm-bindgen', crates: ['wasm-bindgen'] },
];

/** Trunk serves on this port: https://trunkrs.dev/configuration/ */
export const trunkPort = 8080;
/** `site-addr` of cargo-leptos: https://github.com/leptos-rs/cargo-leptos#configuration */
export const leptosPort = 3000;
