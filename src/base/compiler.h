/* The compiler's extensions, in one place: everything beyond C17 that Balm uses has its name here. */
#ifndef BALM_BASE_COMPILER_H
#define BALM_BASE_COMPILER_H

/* The caller must look at the value. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Arguments are checked like printf's: `fmt` and `first` are 1-based positions. */
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))

#define NO_RETURN _Noreturn
#define UNUSED __attribute__((unused))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* `CLEANUP(fn) struct thing t` calls fn(&t) when t leaves its scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* A function compiled a second time for wider vectors, chosen at run time. Fused multiply-add is left
 * out, so that both give the same bits. */
#if defined(__x86_64__)
#define WIDE_VECTORS __attribute__((target("avx2")))
#define HAS_WIDE_VECTORS() __builtin_cpu_supports("avx2")
#else
#define WIDE_VECTORS
#define HAS_WIDE_VECTORS() 0
#endif
#define ALWAYS_INLINE inline __attribute__((always_inline))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#ifndef HAVE_ASAN
#define HAVE_ASAN 0
#endif

#endif
