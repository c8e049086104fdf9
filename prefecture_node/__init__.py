"""都道府県サーバ: takes what its municipalities signed, keeps it, and passes it on to J-LIS."""
