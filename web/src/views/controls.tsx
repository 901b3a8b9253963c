/**
 * The few controls that occur in more than one place.
 *
 * In: labels and what happens. Out: native elements. Guaranteed: each is reached and left by keyboard, says its name and its
 * state, and a menu closes with Esc, with a click elsewhere, or when the focus leaves it.
 */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A button with a panel below. */
export function Menu({ label, kind = '', children }: { label: ComponentChildren; kind?: string; children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', outside);
    addEventListener('focusin', outside);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('focusin', outside);
    };
  }, [isOpen]);
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.preventDefault();
    setOpen(false);
    place.current?.querySelector('button')?.focus();
  };
  return (
    <div class={`menu ${kind}`} ref={place} onKeyDown={escape}>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {label} <span aria-hidden="true">▾</span>
      </button>
      {isOpen && <div class="panel">{children}</div>}
    </div>
  );
}

/** One of few, as buttons side by side. */
export function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly (readonly [value: Value, text: string])[];
  onChange: (value: Value) => void;
}) {
  return (
    <div class="choice" role="group" aria-label={props.label}>
      {props.options.map(([value, text]) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onChange(value)}>{text}</button>
      ))}
    </div>
  );
}

export function Check(props: { label: ComponentChildren; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label class="check">
      <input
        type="checkbox" checked={props.checked} disabled={props.disabled ?? false}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}

/** A label above its control. */
export function Field({ label, children, note }: { label: string; children: ComponentChildren; note?: string | null }) {
  return (
    <label class="field">
      <span>{label}</span>
      {children}
      {note && <small>{note}</small>}
    </label>
  );
}

/** ▲ up or ▼ down: told by shape and colour. */
export function Arrow({ direction, title }: { direction: 'up' | 'down'; title?: string }) {
  return (
    <span class={direction} role={title ? 'img' : undefined} aria-label={title} aria-hidden={title ? undefined : true}>
      {direction === 'up' ? '▲' : '▼'}
    </span>
  );
}

/** Copies a text, and says so until something else is copied. */
export function Copy({ text, label, done }: { text: string; label: string; done: string }) {
  const [copied, setCopied] = useState<string | null>(null);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(text), () => setCopied(null));
  // Browsers give no clipboard to pages from an insecure server; the text can be selected there.
  return navigator.clipboard && (
    <button type="button" onClick={() => void copy()}>
      {copied === text ? done : label}
    </button>
  );
}

/** Saves under a name, as a link of the page would. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken the blob over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
