// Every fault code with what it means and what to do, for who is told one by telephone. Rendered by SettingsPage.
import { language } from '../../i18n/define.ts';
import { errorCodes } from '../../i18n/error-codes.ts';
import { deskTexts } from '../../i18n/settings-desk.ts';

const { t } = deskTexts;

export function CodesPanel() {
  const isZh = language.value === 'zh';
  return (
    <>
      <h2>{t('codes-title')}</h2>
      <table class="codes" data-testid="codes">
        <thead>
          <tr>
            <th scope="col">{t('codes-code')}</th>
            <th scope="col">{t('codes-what')}</th>
            <th scope="col">{t('codes-do')}</th>
          </tr>
        </thead>
        <tbody>
          {errorCodes.map(([code, zh, zhDo, en, enDo]) => (
            <tr key={code}>
              <th scope="row">{code}</th>
              <td>{isZh ? zh : en}</td>
              <td>{isZh ? zhDo : enDo}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
