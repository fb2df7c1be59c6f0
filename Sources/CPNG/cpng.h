#pragma once
#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

// Reads a PNG from memory, straight alpha and stored sample values, which libpng's simplified interface cannot give for
// 16 bits with alpha. libpng reports errors by longjmp, so the whole read stays within one C function: no Swift frame is
// ever jumped over, and nothing is printed.

typedef struct {
  uint32_t width, height;
  uint32_t channels;   // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
  uint32_t depth;      // 8 or 16 bits a sample, 16 in the machine's byte order
  char message[128];   // libpng's words after a failure
} cpng_image;

typedef struct {
  const uint8_t *bytes;
  size_t count, offset;
  cpng_image *image;
} cpng_source;

static inline void cpng_fail(png_structp png, png_const_charp message) {
  cpng_source *source = (cpng_source *)png_get_error_ptr(png);
  strncpy(source->image->message, message, sizeof source->image->message - 1);
  png_longjmp(png, 1);
}

static inline void cpng_ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static inline void cpng_pull(png_structp png, png_bytep into, size_t count) {
  cpng_source *source = (cpng_source *)png_get_io_ptr(png);
  if (count > source->count - source->offset) {
    source->offset = source->count;
    png_error(png, "the file is cut short");
  }
  memcpy(into, source->bytes + source->offset, count);
  source->offset += count;
}

/// Fills `image`; with `pixels` not NULL also decodes rows of width*channels*depth/8 bytes into it, `capacity` bytes at
/// most. `used` is how far the file was read. Returns 1, or 0 with a message.
static inline int cpng_read(
    const uint8_t *bytes, size_t count, cpng_image *image, uint8_t *pixels, size_t capacity, size_t *used) {
  cpng_source source = {bytes, count, 0, image};
  png_infop info = NULL;
  memset(image, 0, sizeof *image);
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, cpng_fail, cpng_ignore);
  if (png == NULL) {
    strcpy(image->message, "libpng does not start");
    return 0;
  }
  info = png_create_info_struct(png);
  if (info == NULL || setjmp(png_jmpbuf(png))) {
    if (image->message[0] == 0) strcpy(image->message, "out of memory");
    *used = source.offset;
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  png_set_read_fn(png, &source, cpng_pull);
  png_read_info(png, info);
  png_set_expand(png);
  if (png_get_bit_depth(png, info) == 16 && *(const uint8_t *)&(const uint16_t){1}) png_set_swap(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  image->width = png_get_image_width(png, info);
  image->height = png_get_image_height(png, info);
  image->channels = png_get_channels(png, info);
  image->depth = png_get_bit_depth(png, info);
  if (pixels != NULL) {
    size_t row = png_get_rowbytes(png, info);
    if (image->height != 0 && row > capacity / image->height) png_error(png, "the image is larger than its header said");
    for (int pass = 0; pass < passes; pass++)
      for (uint32_t y = 0; y < image->height; y++) png_read_row(png, pixels + y * row, NULL);
    png_read_end(png, NULL);
  }
  *used = source.offset;
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}
