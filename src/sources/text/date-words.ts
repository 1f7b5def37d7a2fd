import { normalized } from '../../domain/unicode.ts';

/**
 * Names of the months, January first, without accents, in the languages that feeds are written in. A word counts as
 * what it begins, so that `Oct`, `okt.` and `octubre` are found.
 */
const MONTHS = [
  'january february march april may june july august september october november december',
  'januar februar marz april mai juni juli august september oktober november dezember',
  'janner feber maerz april mai juni juli august september oktober november dezember',
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro',
  'gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre',
  '_ _ mrt _ _ _ _ ag _ _ _ _',
  '_ _ marts _ _ _ _ _ _ _ _ _',
  'ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ',
  'januari februari maart april mei juni juli augustus september oktober november december',
  'januari februari mars april maj juni juli augusti september oktober november december',
  'januar februar mars april mai juni juli august september oktober november desember',
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia',
  'styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien',
  'ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince',
  'leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec',
  'januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december',
  'ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie',
  'января февраля марта апреля мая июня июля августа сентября октября ноября декабря',
  'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь',
  'січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня',
  'ocak subat mart nisan mayıs haziran temmuz agustos eylul ekim kasım aralık',
  'ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου',
  'januari februari maret april mei juni juli agustus september oktober november desember',
  '1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月',
];
/** Its `mar` is November, which all others mean by March: only longer beginnings count. */
const FINNISH_MONTHS = [
  'tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta',
];
const MONTH_OF = new Map([...places(FINNISH_MONTHS, 5), ...places(MONTHS, 3)]);

/** Names of the days, Monday first, as {@link MONTHS}. */
const WEEKDAY_OF = places(
  [
    'monday tuesday wednesday thursday friday saturday sunday',
    'montag dienstag mittwoch donnerstag freitag samstag sonntag',
    'lundi mardi mercredi jeudi vendredi samedi dimanche',
    'lunes martes miercoles jueves viernes sabado domingo',
    'lunedi martedi mercoledi giovedi venerdi sabato domenica',
    'segunda terca quarta quinta sexta sabado domingo',
    'dilluns dimarts dimecres dijous divendres dissabte diumenge',
    'maandag dinsdag woensdag donderdag vrijdag zaterdag zondag',
    'mandag tisdag onsdag torsdag fredag lørdag søndag',
    'mandag tirsdag onsdag torsdag fredag lordag sondag',
    'maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai',
    'poniedziałek wtorek sroda czwartek piatek sobota niedziela',
    'pondeli utery streda ctvrtek patek sobota nedele',
    'hetfo kedd szerda csutortok pentek szombat vasarnap',
    'luni marti miercuri joi vineri sambata duminica',
    'понедельник вторник среда четверг пятница суббота воскресенье',
    'пн вт ср чт пт сб вс',
    'δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη',
    'понеділок вівторок середа четвер пятниця субота неділя',
    'pazartesi salı carsamba persembe cuma cumartesi pazar',
    'senin selasa rabu kamis jumat sabtu minggu',
    '星期一 星期二 星期三 星期四 星期五 星期六 星期日',
    '周一 周二 周三 周四 周五 周六 周日',
    '月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日',
    '월요일 화요일 수요일 목요일 금요일 토요일 일요일',
  ],
  2,
);

/** Seasons say no more than the year. */
const SEASONS = new Set(
  'spring summer autumn fall winter fruhling sommer herbst printemps ete automne hiver'.split(' '),
);
const QUARTER = /^q[1-4]$/;
/** What stands between the parts of a date and says nothing. */
const GLUE = new Set(
  'de del d of the a le el den the on at um kl feira г года р року quarter issue and'.split(' '),
);

/**
 * Minutes east of UTC. Those of RFC 822 (section 5.1); a name that several zones have is the one that feeds mean: IST
 * is India's, BST Britain's, CST and EST North America's.
 */
const ZONES: Readonly<Record<string, number>> = {
  ...hours(0, 'z utc ut gmt wet'),
  ...hours(1, 'cet bst west met mez wat'),
  ...hours(2, 'cest eet mest mesz sast cat'),
  ...hours(3, 'msk eest trt eat idt'),
  ...hours(4, 'gst msd'),
  ...hours(5, 'pkt'),
  ...hours(5.5, 'ist'),
  ...hours(5.75, 'npt'),
  ...hours(7, 'wib ict'),
  ...hours(8, 'hkt sgt awst pht myt'),
  ...hours(9, 'jst kst'),
  ...hours(9.5, 'acst'),
  ...hours(10, 'aest'),
  ...hours(10.5, 'acdt'),
  ...hours(11, 'aedt'),
  ...hours(12, 'nzst'),
  ...hours(13, 'nzdt'),
  ...hours(-2.5, 'ndt'),
  ...hours(-3, 'adt brt art'),
  ...hours(-3.5, 'nst'),
  ...hours(-4, 'edt ast clt'),
  ...hours(-5, 'est et cdt cot pet'),
  ...hours(-6, 'cst ct mdt'),
  ...hours(-7, 'mst mt pdt'),
  ...hours(-8, 'pst pt akdt'),
  ...hours(-9, 'akst'),
  ...hours(-10, 'hst'),
};

function hours(offset: number, names: string): Record<string, number> {
  return Object.fromEntries(names.split(' ').map((name) => [name, offset * 60]));
}

/** A word in lower case, without accents and the point of an abbreviation. */
export function plainWord(word: string): string {
  return normalized(word.toLowerCase(), 'NFKD')
    .replace(/[\p{M}ʼ]/gu, '')
    .replace(/\.$/, '');
}

/** Minutes east of UTC of a zone's usual name, in lower case. */
export function zoneCalled(name: string): number | undefined {
  return ZONES[name];
}

/** The month, 1 to 12, when the word names or begins just one of them. */
export function monthCalled(word: string): number | undefined {
  return MONTH_OF.get(word) ?? undefined;
}

/** The day of the week, 1 (Monday) to 7, when the word names or begins just one of them. */
export function weekdayCalled(word: string): number | undefined {
  return WEEKDAY_OF.get(word) ?? undefined;
}

/** Whether a word beside a date says nothing of the day: a season, a day of the week in some language, an article. */
export function isAside(word: string): boolean {
  return GLUE.has(word) || SEASONS.has(word) || QUARTER.test(word) || WEEKDAY_OF.has(word);
}

/** Every name and every beginning of one, with its place in the lists; `null` where it has several. */
function places(lists: readonly string[], shortest: number): ReadonlyMap<string, number | null> {
  const whole = new Map<string, number | null>();
  const begun = new Map<string, number | null>();
  for (const names of lists.map((list) => list.split(' ').map(plainWord))) {
    for (const [index, name] of names.entries()) {
      if (name === '_') continue;
      place(whole, name, index + 1);
      for (let end = shortest; end < name.length; end++) place(begun, name.slice(0, end), index + 1);
    }
  }
  return new Map([...begun, ...whole]);
}

function place(found: Map<string, number | null>, word: string, number: number): void {
  found.set(word, (found.get(word) ?? number) === number && found.get(word) !== null ? number : null);
}
