"""条例事務 (番号法9条2項, 法30条の13 – 30条の15), as every tier lets them in."""
