/// Names of the big city's bodies: a tree of city, districts and bureaus, in English and Chinese.
enum CityNames {
  static let english = "Xincheng (planned)"
  static let chinese = "新城市（规划）"
  static let domain = "xincheng.test"

  private static let districts = [
    ("east", "East District", "东城区"), ("west", "West District", "西城区"), ("north", "North District", "北城区"),
    ("south", "South District", "南城区"), ("lake", "Lakeside District", "湖滨区"), ("hill", "Hillside District", "山麓区"),
    ("port", "Harbour District", "港口区"), ("new", "New District", "新区"), ("river", "Riverside County", "沿河县"),
    ("field", "Fields County", "田野县"),
  ]
  private static let bureaus = [
    ("office", "government", "Government Office", "政府办公室"), ("edu", "government", "Education Bureau", "教育局"),
    ("health", "government", "Health Commission", "卫生健康委员会"), ("tax", "government", "Taxation Office", "税务局"),
    ("traffic", "government", "Transport Bureau", "交通运输局"), ("housing", "government", "Housing Bureau", "住房和建设局"),
    ("party", "party", "Party Committee Office", "党委办公室"), ("youth", "people", "Youth League", "共青团委员会"),
    ("women", "people", "Women's Federation", "妇女联合会"), ("water", "enterprise", "Water Company", "供水公司"),
    ("power", "enterprise", "Power Company", "供电公司"),
  ]

  /// The city, its districts, and a bureau of each kind in each district: 121.
  static let organisations: [PlannedOrganisation] = {
    var all = [
      PlannedOrganisation(label: "xincheng", parent: "", kind: "government", english: english, chinese: chinese)
    ]
    for (district, english, chinese) in districts {
      all.append(
        PlannedOrganisation(
          label: district, parent: "xincheng", kind: "government", english: english, chinese: chinese + "人民政府"))
      for (bureau, kind, name, zh) in bureaus {
        all.append(
          PlannedOrganisation(
            label: "\(bureau)-\(district)", parent: district, kind: kind, english: "\(english) \(name)",
            chinese: chinese + zh))
      }
    }
    return all
  }()

  static let services = [
    "www", "portal", "news", "service", "open", "library", "map", "jobs", "data", "events", "mail", "exam", "archive",
    "notice", "apply", "guide",
  ]

  /// Headlines that come and go by themselves.
  static let headlines = [
    "市民服务中心新增三个办事窗口", "城区道路养护工程按期完工", "图书馆周末延长开放时间", "新一批便民措施本周起实行", "公园绿地改造方案征求意见",
    "学校秋季运动会圆满结束", "社区卫生服务站迎来新设备", "公交线路优化调整公告", "老旧小区加装电梯工作推进", "文化下乡活动走进乡村",
    "供水管网例行检修通知", "青年志愿者开展环保行动", "政务服务热线满意度提升", "农产品展销会本月举行", "消防安全知识讲座报名开始",
    "河道治理项目通过验收",
  ]
}
