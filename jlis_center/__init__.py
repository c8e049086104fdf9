"""全国サーバ: keeps what every governor passed on, designates codes and generates individual numbers."""
