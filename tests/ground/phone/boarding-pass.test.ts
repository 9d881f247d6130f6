import { encode } from 'bcbp';
import { describe, expect, it } from 'vitest';
import { matchFlight, readBoardingPass } from '../../../ground/phone/sign-up/boarding-pass.ts';
import { inAppOf } from '../../../ground/phone/sign-up/browser-kind.ts';
import { createScriptedGround } from './support/scripted-ground.ts';
import { NOW_MS } from './support/phone-scene.ts';

const { open, scene } = createScriptedGround(NOW_MS);
const { leg } = scene.flight;

function passFor(change: { number?: string; days?: number } = {}): string {
  return encode({
    data: {
      passengerName: 'WANG/JUN',
      legs: [
        {
          operatingCarrierPNR: 'ABC123',
          departureAirport: leg.origin,
          arrivalAirport: leg.destination,
          operatingCarrierDesignator: leg.carrier,
          flightNumber: change.number ?? '8835',
          flightDate: new Date((leg.departureDay + (change.days ?? 0)) * 86_400_000),
          compartmentCode: 'Y',
          seatNumber: '012C',
          checkInSequenceNumber: '0011',
          passengerStatus: '1',
        },
      ],
    },
    meta: { formatCode: 'M', numberOfLegs: 1, electronicTicketIndicator: 'E' },
  });
}

describe('a scanned boarding pass', () => {
  it('names flight, seat, sequence and passenger', () => {
    const match = matchFlight(readBoardingPass(passFor(), NOW_MS), [open]);
    expect(match).toMatchObject({
      pass: { seat: '12C', seq: 11, name: 'WANG/JUN' },
      flight: { leg: open.leg },
    });
  });

  it('is for no open flight when number or day differ', () => {
    expect(matchFlight(readBoardingPass(passFor({ number: '8836' }), NOW_MS), [open])).toBeNull();
    expect(matchFlight(readBoardingPass(passFor({ days: 1 }), NOW_MS), [open])).toBeNull();
  });

  it('is nothing else that happens to be a code', () => {
    for (const text of ['CP1:ABC', 'https://example.invalid', 'M1', '', 'M1'.padEnd(500, 'X')]) {
      expect(readBoardingPass(text, NOW_MS)).toEqual([]);
    }
  });
});

describe('the browser the page is in', () => {
  it('is told by what wallets write into their name', () => {
    expect(inAppOf('Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/8.0.44')).toBe('wechat');
    expect(inAppOf('Mozilla/5.0 (Linux) Chrome/110 AlipayClient/10.5')).toBe('alipay');
    expect(inAppOf('Mozilla/5.0 (Linux; Android 13) Chrome/120 Mobile Safari/537.36')).toBeNull();
  });
});
