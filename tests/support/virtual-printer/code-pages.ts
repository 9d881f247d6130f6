/** What the bytes 80h..FFh mean outside Chinese mode, by the number given to `ESC t`. */

const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

const KATAKANA =
  '▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯ ｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▓ ';

function decoded(label: string): string {
  const highBytes = Uint8Array.from({ length: 128 }, (_, index) => index + 128);
  return new TextDecoder(label).decode(highBytes);
}

const PAGES: ReadonlyMap<number, readonly string[]> = new Map(
  [
    [0, CP437] as const,
    [1, KATAKANA] as const,
    [16, decoded('windows-1252')] as const,
    [17, decoded('ibm866')] as const,
  ].map(([page, characters]) => [page, Array.from(characters)]),
);

/** The character of a byte 80h..FFh, or undefined when this printer does not have the page. */
export function codePageCharacter(page: number, byte: number): string | undefined {
  return PAGES.get(page)?.[byte - 128];
}

/** `ESC R`: a few ASCII places change their character. Only the sets that touch money signs are kept. */
const INTERNATIONAL: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map([
  [3, new Map([[0x23, '£']])],
  [8, new Map([[0x5c, '¥']])],
  [15, new Map([[0x24, '¥']])],
]);

/** The character of a byte 20h..7Eh under the international set chosen by `ESC R`. */
export function asciiCharacter(internationalSet: number, byte: number): string {
  return INTERNATIONAL.get(internationalSet)?.get(byte) ?? String.fromCharCode(byte);
}
