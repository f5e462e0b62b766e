// A roster file: chosen, previewed with its differences and faulty rows, and put in force when it is confirmed. Rendered as a tab.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type RosterPreview, rosterImported, rosterPreview } from '../contracts/people.ts';
import { csvText } from '../domain/csv.ts';
import { language } from '../i18n/define.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { ConfirmButton, Done, Field } from './parts.tsx';

const { t } = deskTexts;

type Busy = { fraction: number; seconds: number } | null;
const kinds = ['joined', 'left', 'moved', 'cards'] as const;

export function RosterImport({ office }: { office: Office }) {
  const file = useSignal<File | null>(null);
  const preview = useSignal<RosterPreview | null>(null);
  const accept = useSignal(false);
  const busy = useSignal<Busy>(null);
  const done = useSignal<string | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      if (busy.value !== null) busy.value = { ...busy.value, seconds: busy.value.seconds + 1 };
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  const onSent = (fraction: number) => {
    if (busy.value !== null) busy.value = { ...busy.value, fraction };
  };
  const look = async () => {
    if (file.value === null || busy.value !== null) return;
    busy.value = { fraction: 0, seconds: 0 };
    [preview.value, done.value, accept.value] = [null, null, false];
    preview.value = await office.send('/hub/roster/preview', rosterPreview, file.value, onSent);
    busy.value = null;
  };
  const put = async () => {
    const seen = preview.value;
    if (file.value === null || seen === null || busy.value !== null) return;
    busy.value = { fraction: 0, seconds: 0 };
    const query = new URLSearchParams({ file: file.value.name, fingerprint: seen.fingerprint });
    if (accept.value) query.set('acceptValidRows', 'yes');
    const got = await office.send(`/hub/roster/import?${query}`, rosterImported, file.value, onSent);
    busy.value = null;
    if (got === null) return;
    preview.value = null;
    done.value = t('roster-done', { joined: got.joined, changed: got.changed, left: got.left });
  };
  return (
    <section class="panel" data-testid="roster">
      <div class="block">
        <h2>{t('roster-head')}</h2>
        <p>{t('roster-what')}</p>
        <div class="line">
          <Field label={t('roster-file')}>
            <input
              type="file"
              accept=".csv,text/csv"
              data-testid="roster-file"
              onChange={(event) => {
                file.value = event.currentTarget.files?.[0] ?? null;
                preview.value = null;
              }}
            />
          </Field>
          <button
            type="button"
            class="primary"
            data-testid="roster-preview"
            disabled={file.value === null || busy.value !== null}
            onClick={() => void look()}
          >
            {t('roster-preview')}
          </button>
        </div>
        <Progress busy={busy.value} />
        <Done text={done.value} />
      </div>
      {preview.value !== null && (
        <Preview
          preview={preview.value}
          accept={accept.value}
          isBusy={busy.value !== null}
          onAccept={(yes) => (accept.value = yes)}
          onImport={() => void put()}
        />
      )}
    </section>
  );
}

function Progress({ busy }: { busy: Busy }) {
  if (busy === null) return null;
  const isSent = busy.fraction >= 1;
  const text = isSent
    ? t('roster-checking', { seconds: busy.seconds })
    : t('roster-sending', { percent: Math.floor(busy.fraction * 100) });
  return (
    <p role="status" data-testid="roster-progress">
      <progress max={1} aria-label={text} {...(isSent ? {} : { value: busy.fraction })} /> {text}
    </p>
  );
}

type PreviewProps = {
  preview: RosterPreview;
  accept: boolean;
  isBusy: boolean;
  onAccept: (yes: boolean) => void;
  onImport: () => void;
};

function Preview({ preview, accept, isBusy, onAccept, onImport }: PreviewProps) {
  const { errors, broken, faulty } = preview;
  const changes = preview.joined + preview.changed + preview.left;
  return (
    <div class="block" data-testid="roster-seen">
      {broken ? (
        <p class="say-bad" role="alert">
          {t('roster-broken')}
        </p>
      ) : (
        <p data-testid="roster-counts">
          <b>{t('roster-counts', preview as unknown as Record<string, number>)}</b>
        </p>
      )}
      {errors.length > 0 && <Errors preview={preview} />}
      {kinds.map((kind) => (
        <Differences key={kind} kind={kind} preview={preview} />
      ))}
      {!broken && faulty > 0 && (
        <label class="tick">
          <input
            type="checkbox"
            data-testid="accept-valid"
            checked={accept}
            onChange={(event) => onAccept(event.currentTarget.checked)}
          />
          {t('accept-valid')}
        </label>
      )}
      {!broken && changes === 0 && <p>{t('roster-nothing')}</p>}
      {!broken && changes > 0 && (
        <ConfirmButton
          label={t('roster-import')}
          testId="roster-import"
          disabled={isBusy || (faulty > 0 && !accept)}
          onConfirm={onImport}
        />
      )}
    </div>
  );
}

function Errors({ preview: { errors } }: { preview: RosterPreview }) {
  const which = (line: number) => (line === 0 ? t('roster-whole') : t('roster-line', { line }));
  const save = () => {
    const rows = errors.map((error) => [which(error.line), error[language.value]]);
    const url = URL.createObjectURL(new Blob([csvText([[t('col-line'), t('col-do')], ...rows])], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'roster-errors.csv';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <h3>{t('roster-errors')}</h3>
      <table data-testid="roster-errors">
        <thead>
          <tr>
            <th scope="col">{t('col-line')}</th>
            <th scope="col">{t('col-do')}</th>
          </tr>
        </thead>
        <tbody>
          {errors.map((error) => (
            <tr key={`${error.line} ${error.zh}`}>
              <td class="nowrap">{which(error.line)}</td>
              <td>{error[language.value]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" data-testid="errors-save" onClick={save}>
        {t('errors-save')}
      </button>
    </>
  );
}

function Differences({ kind, preview }: { kind: (typeof kinds)[number]; preview: RosterPreview }) {
  const rows = preview.lists[kind];
  const all = preview[kind];
  if (rows.length === 0) return null;
  return (
    <details data-testid={`roster-${kind}`} open={kind !== 'joined'}>
      <summary>
        {t(`list-${kind}`)} {all}
      </summary>
      {all > rows.length && <p class="hint">{t('roster-first', { n: rows.length })}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">{t('col-person')}</th>
            <th scope="col">{t('col-from')}</th>
            <th scope="col">{t('col-to')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.personId}>
              <th scope="row">
                {row.name} <span class="hint">{row.personId}</span>
              </th>
              <td>{row.from || t('unknown')}</td>
              <td>{row.to || t('unknown')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
