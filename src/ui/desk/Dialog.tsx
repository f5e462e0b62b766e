// A modal sheet on the board: native dialog, so focus stays inside and Escape closes it.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export function Dialog(props: {
  title: string;
  testid: string;
  onClose(): void;
  children: ComponentChildren;
  drawer?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Not the first button: Enter after typing must finish the sheet, not press a key of it.
    shown?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      tabIndex={-1}
      ref={dialog}
      class={props.drawer ? 'sheet drawer' : 'sheet'}
      data-testid={props.testid}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      {props.children}
    </dialog>
  );
}
