"""本人確認情報の提供及び利用 (法30条の9 – 30条の15), as every tier that keeps 本人確認情報 does it."""
