// What can be done for somebody without a card, each one touch. Painted by the room.
import { Component } from 'preact';
import { limits as vehicle } from '../../domain/vehicle.ts';
import { langTag, language } from '../../i18n/define.ts';
import { visitorTexts } from '../../i18n/visitors.ts';
import { Button } from '../../ui/button.tsx';
import type { RoomView } from '../model.ts';
import type { PartProps } from './room-types.ts';

const { t } = visitorTexts;
type Props = PartProps & { onView(view: RoomView): void };
type State = { seats: boolean; noAdult: boolean };
const seats = Array.from({ length: vehicle.seatsMax - vehicle.seatsMin + 1 }, (_, index) => vehicle.seatsMin + index);

export class Menu extends Component<Props, State> {
  override state: State = { seats: false, noAdult: false };

  override render({ guests, controller, onClose, onView }: Props, state: State) {
    const inVehicle = controller.model().stripes.some(({ key }) => key.startsWith('stripe.vehicle'));
    if (state.seats) {
      return (
        <>
          <p class="title">{t('vehicle-seats')}</p>
          <p class="line">{t('vehicle-do')}</p>
          <div class="spacer" />
          <div class="choices">
            {seats.map((n) => (
              <Button
                key={n}
                label={`${n}`}
                onPress={() => {
                  guests.startVehicle(n);
                  onClose();
                }}
                testId={`seats-${n}`}
              />
            ))}
          </div>
        </>
      );
    }
    return (
      <>
        <p class="note" data-bad={state.noAdult} role="status">
          {state.noAdult && t('child-none')}
        </p>
        <div class="spacer" />
        <div class="choices menu two">
          <Button label={t('find')} onPress={() => onView('find')} testId="menu-find" />
          <Button label={t('visitor')} onPress={() => onView('visitor')} testId="menu-visitor" />
          <Button
            label={t('child')}
            sub={{ text: t('child-do'), lang: langTag[language.value] }}
            onPress={() => (guests.startChild() ? onClose() : this.setState({ noAdult: true }))}
            testId="menu-child"
          />
          {inVehicle ? (
            <Button
              label={t('vehicle-end')}
              onPress={() => {
                guests.endVehicle();
                onClose();
              }}
              testId="menu-vehicle-end"
            />
          ) : (
            <Button label={t('vehicle')} onPress={() => this.setState({ seats: true })} testId="menu-vehicle" />
          )}
        </div>
      </>
    );
  }
}
