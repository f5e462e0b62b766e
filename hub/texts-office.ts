// Headings and words of the tables that the office takes away. Called by routes-people.ts.
export const officeTexts = {
  zh: {
    head: ['学号或工号', '姓名', '单位', '管控措施', '开始日', '截止日', '第几天', '状态', '随行', '原因', '决定人'],
    orders: { isolation: '隔离观察', home: '居家隔离观察', hospital: '送医', watch: '健康关注' },
    due: '待解除',
    companion: '随行人员',
  },
  en: {
    head: ['Number', 'Name', 'Unit', 'Order', 'From', 'Until', 'Day', 'State', 'Companion', 'Reason', 'Given by'],
    orders: { isolation: 'isolation', home: 'home observation', hospital: 'hospital', watch: 'watch' },
    due: 'due for release',
    companion: 'companion',
  },
} as const;
