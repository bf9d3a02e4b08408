/* Stands in for ESP-IDF's header of this name; the tests choose the version with FAKE_IDF_MAJOR and FAKE_IDF_MINOR. */
#define ESP_IDF_VERSION_VAL(major, minor, patch) ((major << 16) | (minor << 8) | (patch))
#define ESP_IDF_VERSION ESP_IDF_VERSION_VAL(FAKE_IDF_MAJOR, FAKE_IDF_MINOR, 0)
