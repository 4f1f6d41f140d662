"""A local fake of the conzhu e-guarantee platform (福州市建设工程电子保函服务平台)."""

__version__ = "0.2.0"
