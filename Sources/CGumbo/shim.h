#include <gumbo.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// gumbo has no limit of its own: it checks no allocation, walks up the open elements at every tag and frees its tree
// by recursion. Here its memory is one bounded arena, given back as a whole, and each allocation looks at the time.
struct vigil_gumbo_arena {
  char *bytes;
  size_t used, limit;
  long long end_nanoseconds;
  unsigned int calls;
  jmp_buf exit;
};

static inline long long vigil_thread_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline void *vigil_gumbo_allocate(void *me, size_t size) {
  struct vigil_gumbo_arena *arena = (struct vigil_gumbo_arena *)me;
  size_t rounded = (size + 15) & ~(size_t)15;
  if (rounded < size || rounded > arena->limit - arena->used) longjmp(arena->exit, 1);
  if ((++arena->calls & 63) == 0 && vigil_thread_nanoseconds() > arena->end_nanoseconds) longjmp(arena->exit, 2);
  void *given = arena->bytes + arena->used;
  arena->used += rounded;
  return given;
}

static inline void vigil_gumbo_free(void *me, void *bytes) {
  (void)me;
  (void)bytes;
}

/// The tree, or null and `why`: 1 no memory left, 2 no time left. `text` and the arena must outlive the tree.
static inline GumboOutput *vigil_gumbo_parse(
    const char *text, size_t length, size_t memory, long long nanoseconds, struct vigil_gumbo_arena **arena, int *why) {
  struct vigil_gumbo_arena *made = (struct vigil_gumbo_arena *)malloc(sizeof(struct vigil_gumbo_arena));
  *arena = made;
  *why = 1;
  if (!made) return NULL;
  memset(made, 0, sizeof *made);
  made->limit = memory;
  // Untouched pages cost nothing.
  made->bytes = (char *)malloc(memory);
  if (!made->bytes) return NULL;
  made->end_nanoseconds = vigil_thread_nanoseconds() + nanoseconds;
  int left = setjmp(made->exit);
  if (left) {
    *why = left;
    return NULL;
  }
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = vigil_gumbo_allocate;
  options.deallocator = vigil_gumbo_free;
  options.userdata = made;
  options.max_errors = 0;
  return gumbo_parse_with_options(&options, text, length);
}

static inline void vigil_gumbo_release(struct vigil_gumbo_arena *arena) {
  if (!arena) return;
  free(arena->bytes);
  free(arena);
}

// Bit-fields and unions that Swift sees poorly.
static inline const GumboElement *vigil_gumbo_element(const GumboNode *node) {
  return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE ? &node->v.element : NULL;
}
static inline const char *vigil_gumbo_text(const GumboNode *node) {
  return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA || node->type == GUMBO_NODE_WHITESPACE
                 || node->type == GUMBO_NODE_COMMENT
             ? node->v.text.text
             : NULL;
}
static inline int vigil_gumbo_is_comment(const GumboNode *node) { return node->type == GUMBO_NODE_COMMENT; }
static inline const GumboNode *vigil_gumbo_child(const GumboElement *element, unsigned int index) {
  return index < element->children.length ? (const GumboNode *)element->children.data[index] : NULL;
}
static inline const GumboAttribute *vigil_gumbo_attribute(const GumboElement *element, unsigned int index) {
  return index < element->attributes.length ? (const GumboAttribute *)element->attributes.data[index] : NULL;
}
