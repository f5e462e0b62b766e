// Surnames of two characters, some of which are read otherwise there than in other words. Called by name-keys.

export const doubleSurnames: readonly string[] =
  '欧阳 司马 上官 诸葛 司徒 东方 独孤 南宫 夏侯 皇甫 尉迟 公孙 慕容 长孙 宇文 司空 令狐 澹台 万俟 单于 申屠 轩辕 闻人 鲜于 拓跋 呼延 端木 百里 东郭 西门'.split(
    ' ',
  );
