import * as v from 'valibot';
import { findTextFault } from '../../domain/text/clean-text.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';

const name = v.pipe(
  v.string(),
  v.check((text) => findTextFault(text, 40) === null, 'text is empty, too long or has forbidden characters'),
);

export const airlineSchema = v.strictObject({
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  nameZh: name,
  nameEn: name,
  utcOffsetMinutes: v.pipe(v.number(), v.integer(), v.minValue(-720), v.maxValue(840)),
});

export type Airline = v.InferOutput<typeof airlineSchema>;

export async function addAirline(
  ground: Pick<Ground, 'db'>,
  { airline, nameZh, nameEn, utcOffsetMinutes }: Airline,
): Promise<Result<null, 'airline-exists'>> {
  const { numInsertedOrUpdatedRows } = await ground.db
    .insertInto('airline')
    .values({
      airline,
      name_zh: nameZh,
      name_en: nameEn,
      utc_offset_minutes: utcOffsetMinutes,
      trust_version: 0,
      deny_version: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n ? ok(null) : fail('airline-exists');
}

export async function findAirline(ground: Pick<Ground, 'db'>, airline: string): Promise<Airline | null> {
  const row = await ground.db
    .selectFrom('airline')
    .selectAll()
    .where('airline', '=', airline)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { name_zh, name_en, utc_offset_minutes } = row;
  return { airline, nameZh: name_zh, nameEn: name_en, utcOffsetMinutes: utc_offset_minutes };
}
