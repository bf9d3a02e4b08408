/* Stands in for the header that ESP-IDF's build generates; the tests choose the chip with FAKE_ESP32 (the first one) or without (a newer one). */
#ifdef FAKE_ESP32
#define CONFIG_IDF_TARGET_ESP32 1
#else
#define CONFIG_IDF_TARGET_ESP32S3 1
#endif
