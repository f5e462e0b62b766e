// Somebody must decide first: an unknown card, no leave to return, a closed campus, or questions that are due. Painted
// by GateScreen.
import { Component } from 'preact';
import type { Region } from '../../contracts/region.ts';
import { t } from '../../i18n/texts.ts';
import type { ScreenActs, ScreenProps } from '../model.ts';
import { Act, Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { Reveal } from '../parts/Reveal.tsx';
import { clockText } from '../parts/words.ts';
import { AllRegions, SomeRegions } from './Regions.tsx';

type Asked = { regions: readonly Region[]; acts: ScreenActs };

/** `page`: screenful of the regions that stands in place of the questions; 0: the questions. */
class Questions extends Component<Asked, { page: number }> {
  override state = { page: 0 };

  private turn = (page: number) => this.setState({ page });

  override render({ regions, acts }: Asked, { page }: { page: number }) {
    return (
      <>
        {page > 0 && regions.length > 0 ? (
          <>
            <h1 class="visually-hidden">{t('questions.word')}</h1>
            <AllRegions regions={regions} page={page} onTurn={this.turn} />
          </>
        ) : (
          <Face icon="question" word="questions.word">
            <div class="questions">
              <Line word="questions.symptoms" look="" />
              <Line word="questions.region" look="" />
              {regions.length > 0 && <SomeRegions regions={regions} onAll={() => this.turn(1)} />}
            </div>
          </Face>
        )}
        <div class="actions">
          <Act
            kind="primary"
            icon="tick"
            word="questions.clear"
            onPress={() => acts.answer('clear')}
            testId="answer-clear"
          />
          <Act word="questions.symptom" onPress={() => acts.answer('symptom')} testId="answer-symptom" />
          <Act word="questions.regionYes" onPress={() => acts.answer('region')} testId="answer-region" />
          <Act word="questions.refuse" onPress={acts.refuse} testId="refuse" />
        </div>
      </>
    );
  }
}

export function Hold({ screen, model, acts }: ScreenProps<'hold'>) {
  if (screen.kind === 'questions') return <Questions key={model.card} regions={screen.regions} acts={acts} />;
  const lost = screen.kind === 'lost';
  const unknown = screen.kind === 'unknown' || lost;
  return (
    <>
      <Face icon="question" word={lost ? 'hold.lost' : unknown ? 'hold.unknown' : 'hold.word'}>
        {screen.kind === 'closed' && <p class="title">{t('hold.closed')}</p>}
        {screen.asked && <p class="title">{t('hold.asked')}</p>}
        {!unknown && <p class="title">{t('hold.office')}</p>}
        <p class="line">{unknown ? t('hold.word') : t('hold.line')}</p>
        {unknown && screen.cardTail !== null && <p class="title">{t('hold.cardTail', { tail: screen.cardTail })}</p>}
        {unknown && (
          <p class="detail">
            {screen.rosterAsOfWallMs === null
              ? t('hold.rosterNever')
              : t('hold.rosterAsOf', { time: clockText(screen.rosterAsOfWallMs) })}
          </p>
        )}
      </Face>
      <div class="actions">
        {unknown ? (
          <>
            <Act kind="primary" word="act.find" onPress={() => acts.room('find')} testId="find" />
            <Act icon="guard" word="act.visitor" onPress={() => acts.room('visitor')} testId="visitor" />
          </>
        ) : (
          <Act kind="primary" word="act.decide" onPress={() => acts.room('decide')} testId="decide" />
        )}
        <Reveal secret={screen.secret} />
        <Act word="act.leave" onPress={acts.leave} testId="leave" />
        <Act icon="back" word="act.aside" onPress={acts.dismiss} testId="dismiss" />
      </div>
    </>
  );
}
