// What the demo flight sells: an ordinary short-haul assortment with everyday prices.
import type { Catalogue, Item } from '../../domain/catalogue/catalogue.ts';
import type { Promotion } from '../../domain/promotion/promotion.ts';

const CATEGORIES: Catalogue['categories'] = [
  { id: 'meals', zh: '热餐', en: 'Hot meals', tint: 1 },
  { id: 'snacks', zh: '小食', en: 'Snacks', tint: 3 },
  { id: 'drinks', zh: '饮料', en: 'Drinks', tint: 5 },
  { id: 'alcohol', zh: '酒类', en: 'Alcohol', tint: 7 },
  { id: 'souvenirs', zh: '纪念品', en: 'Souvenirs', tint: 9 },
  { id: 'comfort', zh: '舒适与服务', en: 'Comfort & services', tint: 11 },
];

const FOOD_TAX = 600;
const GOODS_TAX = 1300;
const ADULT = { minAge: 18 } as const;

type Row = readonly [
  zh: string,
  en: string,
  pinyin: string,
  priceMinor: number,
  extra?: {
    readonly allergens?: string[];
    readonly minAge?: number;
    readonly tax?: number;
    readonly noEan?: true;
  },
];

const GLUTEN = '麸质 gluten';
const MILK = '乳 milk';
const EGG = '蛋 egg';
const SOY = '大豆 soy';
const FISH = '鱼 fish';
const NUTS = '坚果 nuts';
const PEANUT = '花生 peanut';
const SHELLFISH = '甲壳类 shellfish';
const SESAME = '芝麻 sesame';

const MEALS: readonly Row[] = [
  ['海南鸡饭', 'Hainan chicken rice', 'hainan jifan', 4800, { allergens: [SOY] }],
  ['红烧牛肉面', 'Braised beef noodles', 'hongshao niurou mian', 3800, { allergens: [GLUTEN, SOY] }],
  ['三文鱼沙拉', 'Salmon salad', 'sanwenyu shala', 4200, { allergens: [FISH, EGG] }],
  ['宫保鸡丁饭', 'Kung Pao chicken rice', 'gongbao jiding fan', 4500, { allergens: [PEANUT, SOY] }],
  ['麻婆豆腐饭', 'Mapo tofu rice', 'mapo doufu fan', 3500, { allergens: [SOY] }],
  ['鲜虾云吞面', 'Prawn wonton noodles', 'xianxia yuntun mian', 4200, { allergens: [SHELLFISH, GLUTEN] }],
  ['香菇素菜包', 'Mushroom vegetable buns', 'xianggu sucai bao', 1800, { allergens: [GLUTEN, SESAME] }],
];

const SNACKS: readonly Row[] = [
  ['奶酪饼干', 'Cheese crackers', 'nailao binggan', 1600, { allergens: [GLUTEN, MILK] }],
  ['原味薯片', 'Potato crisps, salted', 'yuanwei shupian', 1200],
  ['混合坚果', 'Mixed nuts', 'hunhe jianguo', 2500, { allergens: [NUTS, PEANUT] }],
  ['牛肉干', 'Beef jerky', 'niurou gan', 3200, { allergens: [SOY] }],
  ['牛奶巧克力', 'Milk chocolate', 'niunai qiaokeli', 2000, { allergens: [MILK, SOY] }],
  ['海苔脆片', 'Seaweed crisps', 'haitai cuipian', 1500, { allergens: [SESAME] }],
  ['桶装方便面', 'Instant noodles', 'tongzhuang fangbianmian', 1500, { allergens: [GLUTEN] }],
  ['鲜切水果杯', 'Fresh fruit cup', 'xianqie shuiguo bei', 2200, { noEan: true }],
];

const DRINKS: readonly Row[] = [
  ['矿泉水', 'Mineral water 500 ml', 'kuangquan shui', 800],
  ['现磨咖啡', 'Fresh coffee', 'xianmo kafei', 2200, { tax: FOOD_TAX, noEan: true }],
  ['拿铁咖啡', 'Caffè latte', 'natie kafei', 2600, { tax: FOOD_TAX, noEan: true, allergens: [MILK] }],
  ['茉莉花茶', 'Jasmine tea', 'moli huacha', 1500, { tax: FOOD_TAX, noEan: true }],
  ['橙汁', 'Orange juice 300 ml', 'chengzhi', 1800],
  ['可口可乐', 'Coca-Cola 330 ml', 'kekou kele', 1000],
  ['无糖可乐', 'Cola zero 330 ml', 'wutang kele', 1000],
  ['椰子水', 'Coconut water 330 ml', 'yezi shui', 1800],
  ['豆奶', 'Soy milk 250 ml', 'dounai', 1200, { allergens: [SOY] }],
];

const ALCOHOL: readonly Row[] = [
  ['青岛啤酒', 'Tsingtao beer 330 ml', 'qingdao pijiu', 2500, { ...ADULT, allergens: [GLUTEN] }],
  ['精酿白啤', 'Craft wheat beer 330 ml', 'jingniang baipi', 3500, { ...ADULT, allergens: [GLUTEN] }],
  ['干红葡萄酒', 'Dry red wine 187 ml', 'ganhong putaojiu', 4800, ADULT],
  ['威士忌小瓶', 'Whisky miniature 50 ml', 'weishiji xiaoping', 5800, ADULT],
];

const SOUVENIRS: readonly Row[] = [
  ['飞机模型', 'Model A320', 'feiji moxing', 16800],
  ['春秋小熊', 'Spring bear', 'chunqiu xiaoxiong', 7900],
  ['熊猫钥匙扣', 'Panda key ring', 'xiongmao yaoshikou', 3900],
  ['成都明信片', 'Chengdu postcards', 'chengdu mingxinpian', 2500],
  ['帆布袋', 'Canvas bag', 'fanbu dai', 5900],
  ['蜀绣书签', 'Shu embroidery bookmark', 'shuxiu shuqian', 4500],
];

const COMFORT: readonly Row[] = [
  ['羊毛毯', 'Wool blanket', 'yangmao tan', 8800],
  ['U型颈枕', 'Neck pillow', 'u xing jingzhen', 6900],
  ['眼罩耳塞套装', 'Eye mask and ear plugs', 'yanzhao ersai taozhuang', 2900],
  ['前排座位升级', 'Front seat upgrade', 'qianpai zuowei shengji', 12000, { tax: FOOD_TAX, noEan: true }],
  ['优先下机', 'Priority disembarkation', 'youxian xiaji', 3000, { tax: FOOD_TAX, noEan: true }],
  ['行李优先提取', 'Priority baggage', 'xingli youxian tiqu', 4000, { tax: FOOD_TAX, noEan: true }],
];

export function demoCatalogue(): Catalogue {
  const items = [
    ...itemsOf('meals', 'ML', MEALS, FOOD_TAX),
    ...itemsOf('snacks', 'SN', SNACKS, GOODS_TAX),
    ...itemsOf('drinks', 'DR', DRINKS, GOODS_TAX),
    ...itemsOf('alcohol', 'AL', ALCOHOL, GOODS_TAX),
    ...itemsOf('souvenirs', 'SV', SOUVENIRS, GOODS_TAX),
    ...itemsOf('comfort', 'CF', COMFORT, GOODS_TAX),
  ];
  return { v: 1, currency: 'CNY', categories: [...CATEGORIES], items };
}

function itemsOf(category: string, prefix: string, rows: readonly Row[], tax: number): Item[] {
  return rows.map(([zh, en, pinyin, priceMinor, extra = {}], i) => {
    const number = (i + 1).toString().padStart(3, '0');
    const hasEan = category !== 'meals' && extra.noEan === undefined;
    return {
      sku: `${prefix}-${number}`,
      zh,
      en,
      walletText: `${zh} ${en}`.length <= 30 ? `${zh} ${en}` : zh,
      pinyin,
      priceMinor,
      tax: extra.tax ?? tax,
      category,
      ...(hasEan ? { ean: shopEan(prefix, i + 1) } : {}),
      ...(extra.minAge === undefined ? {} : { minAge: extra.minAge }),
      ...(extra.allergens === undefined ? {} : { allergens: [...extra.allergens] }),
    };
  });
}

/** An EAN-13 of the range shops number themselves (prefix 20), so that it is nobody's product. */
function shopEan(prefix: string, number: number): string {
  const group = [...prefix].map((letter) => (letter.charCodeAt(0) - 55).toString()).join('');
  const digits = `20${group}${number.toString().padStart(6, '0')}`;
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  return `${digits}${((10 - (sum % 10)) % 10).toString()}`;
}

/** Member prices: everything but alcohol. */
export function demoPromotions(): Promotion[] {
  const common = { kind: 'member-percent' as const, excludedCategories: ['alcohol'] };
  return [
    {
      id: 'friend-5',
      zh: '好友会员95折',
      en: 'Friend member 5 % off',
      tiers: [1],
      offBasisPoints: 500,
      ...common,
    },
    {
      id: 'friend-10',
      zh: '金卡好友9折',
      en: 'Gold Friend 10 % off',
      tiers: [2],
      offBasisPoints: 1000,
      ...common,
    },
  ];
}
