namespace Carveout.Emulator.Tests.Import;

/// <summary>A text as a tracer prints it, and the trace that it must become.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="Format">The format's name.</param>
/// <param name="Text">Written by the printing code that the format's reader names.</param>
/// <param name="Trace">The operations, including comments on refusals.</param>
/// <param name="Arguments">Options of <c>import</c>, or empty.</param>
internal sealed record TracerSample(string Name, string Format, string Text, string Trace, string Arguments = "");

/// <summary>Texts of every format, and of several versions if the printing code has changed.</summary>
internal static class TracerSamples
{
    public static readonly IReadOnlyList<TracerSample> All =
    [
        new("ftrace of 2.6.32", "kernel", """
            # tracer: nop
            #
            #           TASK-PID    CPU#    TIMESTAMP  FUNCTION
            #              | |       |          |         |
              gnome-termi-1567  [000]  4415.246466: mm_page_alloc: page=ffffea0003db9f40 pfn=1155800 order=0 migratetype=0 gfp_flags=GFP_KERNEL
              gnome-termi-1567  [000]  4415.247466: mm_page_alloc: page=ffffea0003dba000 pfn=1155808 order=3 migratetype=0 gfp_flags=GFP_KERNEL
              gnome-termi-1567  [000]  4415.248467: mm_page_free_direct: page=ffffea0003db9f40 pfn=1155800 order=0
                 kswapd0-38    [001]  4415.249999: mm_pagevec_free: page=ffffea0003dba000 pfn=1155900 order=0 cold=0
                 kswapd0-38    [001]  4415.250466: mm_page_free_direct: page=ffffea0003dba000 pfn=1155808 order=3

            """, """
            a 0 4096 4096 time=0 by=gnome-termi
            a 1 32768 32768 time=1 by=gnome-termi
            f 0 time=2
            f 1 time=4
            """),
        new("ftrace of 4.14 with CMA", "kernel", """
                       v4l2-412   [002] d..1   100.000000: cma_alloc: pfn=3c000 page=ffffea0000f00000 count=150 align=4
                       v4l2-412   [002] ....   100.000200: cma_alloc: pfn=ffffffffffffffff page=          (null) count=9000 align=8
                       v4l2-412   [002] ....   100.500000: mm_page_free: page=ffffea0000f00000 pfn=245760 order=0
                       v4l2-412   [002] ....   100.500001: cma_release: pfn=3c000 page=ffffea0000f00000 count=150
              kworker/u8:3-77    [001] d...   100.600000: mm_page_alloc: page=          (null) pfn=0 order=4 migratetype=0 gfp_flags=GFP_ATOMIC|__GFP_NOWARN

            """, """
            a 0 614400 65536 time=0 by=v4l2
            # refused
            a 1 36864000 1048576 time=0 by=v4l2
            f 1 time=0
            f 0 time=500
            # refused
            a 2 65536 65536 time=600 by=kworker/u8:3
            f 2 time=600
            """),
        new("ftrace of 6.6, both levels", "kernel", """
                      make-16810   [004] .....  2319.000866: mm_page_alloc: page=0000000086e59d4f pfn=0x11b7da order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE
                      make-16810   [004] .....  2319.000873: kmalloc: call_site=fuse_io_alloc+0x41/0xb0 ptr=00000000a1b2c3d4 bytes_req=216 bytes_alloc=256 gfp_flags=GFP_KERNEL node=-1 accounted=false
            CPU:3 [LOST 12 EVENTS]
                      make-16810   [004] b..1.  2319.002866: mm_page_free: page=0000000086e59d4f pfn=0x11b7da order=0
                     <...>-16811   [003] .....  2319.003873: kmem_cache_alloc: call_site=getname_flags+0x4f/0x1f0 ptr=00000000a1b2c3d8 name=names_cache bytes_req=4096 bytes_alloc=4096 gfp_flags=GFP_KERNEL node=-1 accounted=false
                     <...>-16811   [003] .....  2319.004873: kmem_cache_free: call_site=putname+0x55/0x60 ptr=00000000a1b2c3d8 name=names_cache
                    <idle>-0       [003] ..s1.  2319.005873: kfree: call_site=rcu_core+0x2f3/0x8e0 ptr=00000000a1b2c3d4

            """, """
            a 0 4096 4096 time=0 by=make
            f 0 time=2
            """),
        new("ftrace of 6.6, objects", "kernel", """
                      make-16810   [004] .....  2319.000866: mm_page_alloc: page=0000000086e59d4f pfn=0x11b7da order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE
                      make-16810   [004] .....  2319.000873: kmalloc: call_site=fuse_io_alloc+0x41/0xb0 ptr=00000000a1b2c3d4 bytes_req=216 bytes_alloc=256 gfp_flags=GFP_KERNEL node=-1 accounted=false
                     <...>-16811   [003] .....  2319.003873: kmem_cache_alloc: call_site=getname_flags+0x4f/0x1f0 ptr=00000000a1b2c3d8 name=names_cache bytes_req=4096 bytes_alloc=4096 gfp_flags=GFP_KERNEL node=-1 accounted=false
                     <...>-16811   [003] .....  2319.004873: kmem_cache_free: call_site=putname+0x55/0x60 ptr=00000000a1b2c3d8 name=names_cache
                    <idle>-0       [003] ..s1.  2319.005873: kfree: call_site=rcu_core+0x2f3/0x8e0 ptr=00000000a1b2c3d4
                    <idle>-0       [003] ..s1.  2319.005875: kfree: call_site=rcu_core+0x2f3/0x8e0 ptr=0000000000000000

            """, """
            a 0 216 8 time=0 by=fuse_io_alloc+0x41/0xb0
            a 1 4096 8 time=3 by=getname_flags+0x4f/0x1f0
            f 1 time=4
            f 0 time=5
            """, "--level objects"),
        new("trace-cmd report", "kernel", """
            CPU 1 is empty
            cpus=2
             jbd2/mmcblk0p4--114   [000]  1876.824662: kmalloc:              call_site=c076dc54 ptr=0xd6d77000 bytes_req=2000 bytes_alloc=2048 gfp_flags=GFP_NOWAIT|__GFP_NOWARN
            CPU:0 [7 EVENTS DROPPED]
             jbd2/mmcblk0p4--114   [000]  1876.827662: kfree:                (jbd2_journal_write+0x12) call_site=c076dc54 ptr=0xd6d77000

            """, """
            a 0 2048 8 time=0 by=jbd2/mmcblk0p4-
            f 0 time=3
            """, "--bytes alloc"),
        new("perf script -g", "kernel", """
            perf  6429 [000]    22.498450:             kmem:mm_page_alloc: page=0x176a17 pfn=1534487 order=2 migratetype=0 gfp_flags=GFP_KERNEL
                ffffffffbe23e32e __alloc_pages_nodemask+0x22e (/lib/modules/5.1.0-rc3+/build/vmlinux)
                    7efdf7f7d3e8 __poll+0x18 (/usr/lib64/libc-2.28.so)

            Web Content  6430/6431 [001]    22.499450:             kmem:mm_page_alloc: page=(nil) pfn=1534600 order=0 migratetype=0 gfp_flags=GFP_KERNEL
             PERF_RECORD_LOST lost 5
            perf  6429 [000]    22.500450:              kmem:mm_page_free: page=0x176a17 pfn=1534487 order=2

            """, """
            a 0 16384 16384 time=0 by=perf
            a 1 4096 4096 time=1 by=Web_Content
            f 0 time=2
            """),
        new("a function graph", "kernel", """
             1287587.105144 |   1)               |  /* mm_page_alloc: page=0000000082b1fe73 pfn=1704824 order=1 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE|__GFP_ZERO */
             1287587.106144 |   1)   0.123 us    |      __next_zones_zonelist();
             1287587.107144 |   1)               |  /* mm_page_free: page=0000000082b1fe73 pfn=1704824 order=1 */

            """, """
            a 0 8192 8192 time=0
            f 0 time=2
            """),
        new("LTTng of the kernel", "kernel", """
            [20:38:11.907388453] (+0.000002902) desktop kmem_mm_page_alloc: { cpu_id = 1 }, { page = 0xFFFFEA0000123400, pfn = 4660, order = 1, gfp_flags = 17302730, migratetype = 0 }
            [20:38:11.917391355] (+0.010002902) desktop kmem_mm_page_free: { cpu_id = 1 }, { page = 0xFFFFEA0000123400, pfn = 4660, order = 1 }

            """, """
            a 0 8192 8192 time=0
            f 0 time=10
            """),
        new("ltrace", "calls", """
            __libc_start_main(0x4005fe, 1, 0x7ffd703435c8, 0x400660 <unfinished ...>
            malloc(100 <unfinished ...>
            SYS_brk(NULL)                                            = 0xa9f000
            <... malloc resumed> )                                   = 0xa9f010
            calloc(3, 40)                                            = 0xa9f080
            strcat("", "testing")                                    = "testing"
            realloc(0xa9f010, 300)                                   = 0xa9f200
            realloc(0xa9f200, 3000000000)                            = nil
            free(0xa9f200)                                           = <void>
            free(nil)                                                = <void>
            malloc(5000)                                             = 0
            exit(0 <unfinished ...>

            """, """
            a 0 100 8
            a 1 120 8
            f 0
            a 2 300 8
            f 2
            # refused
            a 3 5000 8
            f 3
            """),
        new("ltrace -f -tt", "calls", """
            [pid 734474] 12:30:01.310000 malloc(65536 <unfinished ...>
            [pid 734475] 12:30:01.311000 free(0x36400010 <unfinished ...>
            [pid 734474] 12:30:01.312000 <... malloc resumed> )         = 0x3640b010
            [pid 734475] 12:30:01.313000 <... free resumed> )           = <void>
            [pid 734475] 12:30:01.314000 realloc(0x3640b010, 131072 <unfinished ...>
            [pid 734474] 12:30:01.315000 prog->_Znwm(24, 0, 0, 0)       = 0x3640b010
            [pid 734475] 12:30:01.316000 <... realloc resumed> )        = 0x36500010
            [pid 734474] 12:30:01.317000 prog->_ZdlPv(0x3640b010, 0)    = <void>

            """, """
            a 0 65536 8 time=1 by=task-734474
            f 0 time=3
            a 1 24 8 time=4 by=task-734474
            a 2 131072 8 time=5 by=task-734475
            f 1 time=6
            """),
        new("ltrace -x -i, a call within a call", "calls", """
            [0x403db8] malloc(576 <unfinished ...>
            [0x7fb007f52b79] malloc@libc.so.6(576)                                = 0xd47010
            [0x403db8] <... malloc resumed> )                                     = 0xd47010
            [0x403dc8] free(0xd47010 <unfinished ...>
            [0x7fb007f52c79] free@libc.so.6(0xd47010)                             = <void>
            [0x403dc8] <... free resumed> )                                       = <void>

            """, """
            a 0 576 8 by=0x7fb007f52b79
            f 0
            """),
        new("valgrind --trace-malloc=yes", "calls", """
            ==23756== Memcheck, a memory error detector
            --23756-- malloc(24) = 0x4A44040
            --23756-- calloc(3,100) = 0x4A440A0
            --23756-- realloc(0x4A44040,5000) = 0x4A44210
            --23756-- memalign(al 64, size 200) = 0x4A45640
            --23756-- free(0x4A440A0)
            --23756-- malloc(1152921504606846976) = 0x0
            --23756-- realloc(0x4A44210,1152921504606846976) = 0x0
            --23756-- realloc(0x4A45640,0)free(0x4A45640)
            --23756--  = 0
            --23756-- free(0x0)

            """, """
            a 0 24 8
            a 1 300 8
            f 0
            a 2 5000 8
            a 3 200 64
            f 1
            f 3
            """),
        new("a log of one's own", "calls", """
            I (1234) app: pvPortMalloc(97) = 0x3ffb1234
            I (1244) app: heap_caps_calloc(2, 50, 0x404) -> 0x3ffb2234
            I (1254) app: vPortFree(0x3ffb1234)

            """, """
            a 0 97 8 time=0
            a 1 100 8 time=10
            f 0 time=20
            """),
        new("mtrace", "mtrace", """
            = Start
            @ ./t:[0x11c0] + 0x5647b343b2a0 0x18
            @ ./t:(main+0x13)[0x11d3] + 0x5647b343b4a0 0x12c
            @ ./t:[0x11e8] < 0x5647b343b2a0
            @ ./t:[0x11e8] > 0x5647b343b5e0 0x1388
            @ ./t:[0x1233] + (nil) 0x1000000
            @ ./t:[0x1250] ! 0x5647b343b5e0 0x1000000000000000
            @ ./t:[0x1260] - 0x5647b343b5e0
            = End

            """, """
            a 0 24 8 by=t:0x11c0
            a 1 300 8 by=main+0x13
            f 0
            a 2 5000 8 by=t:0x11e8
            # refused
            a 3 16777216 8 by=t:0x1233
            f 3
            f 2
            """),
        new("mtrace of old, callers unknown", "mtrace", """
            = Start
            + 0x804a378 0x64
            [0x8048209] - 0x8064cc8
            - 0x804a378
            = End

            """, """
            a 0 100 8
            f 0
            """),
        new("heaptrack 1.4, interpreted", "heaptrack", """
            v 10400 3
            X ./t
            I 1000 5e298f
            s 3 ./t
            s 4 main
            s 3 t.c
            i 56137a43c1bf 1 2 3 5
            t 1 0
            i 7f69658a57b9 1
            t 2 1
            a 18 1
            + 0
            a 12c 2
            + 1
            + 0
            c 5
            - 0
            - 1
            R 3ab
            # strings: 3

            """, """
            a 0 24 8 time=0 by=main
            a 1 300 8 time=0 by=t+0x7f69658a57b9
            a 2 24 8 time=0 by=main
            f 2 time=5
            f 1 time=5
            """),
        new("heaptrack 1.0, interpreted", "heaptrack", """
            v 10000 1
            X ./server --port 80
            s /usr/bin/server
            s handle(Request const&)
            i 4005d0 1 2
            t 1 0
            c 2
            a 1000 1
            + 0
            c 10
            - 0

            """, """
            a 0 4096 8 time=0 by=handle(Request_const&)
            f 0 time=14
            """),
        new("heaptrack, raw", "heaptrack", """
            v 10400 3
            x 3 ./t
            m 1 x 56137a43b000 0 1000
            t 56137a43c1bf 0
            + 18 1 56137b0002a0
            + 12c 1 56137b0002e0
            c 7
            - 56137b0002a0
            - 56137b000aaa

            """, """
            a 0 24 8 time=0 by=0x56137a43c1bf
            a 1 300 8 time=0 by=0x56137a43c1bf
            f 0 time=7
            """),
        new("Android N", "android", """
            186: malloc 0xb6038060 20
            186: calloc 0xb609f080 32 4
            187: realloc 0xb609f0c0 0xb6038060 12
            186: memalign 0x85423660 16 104
            187: free 0xb609f080
            187: thread_done 0x0

            """, """
            a 0 20 8 by=thread-186
            a 1 128 8 by=thread-186
            f 0
            a 2 12 8 by=thread-187
            a 3 104 16 by=thread-186
            f 1
            """),
        new("Android 14, with times", "android", """
            186: malloc 0xb6038060 20 1000000000 1000001000
            186: free 0xb6038060 1004000000 1004000100
            186: thread_done 0x0 1005000000

            """, """
            a 0 20 8 time=0 by=thread-186
            f 0 time=3
            """),
        new("memleak -t", "memleak", """
            Attaching to pid 11748, Ctrl+C to quit.
            (b'top', 11748, 8, b'...11', 3393.638436, b'alloc entered, size = 7')
            (b'top', 11748, 8, b'...11', 3393.638438, b'alloc exited, size = 7, result = 56140ebca620')
            (b'top', 11748, 8, b'...11', 3393.648444, b'free entered, address = 56140ebca620, size = 7')

            """, """
            a 0 7 8 time=0 by=top
            f 0 time=10
            """),
        new("memleak from the trace pipe", "memleak", """
                         top-11748   [008] d...  3393.638436: bpf_trace_printk: alloc entered, size = 7
                         top-11748   [008] d...  3393.638438: bpf_trace_printk: alloc exited, size = 7, result = 56140ebca620
                         top-11748   [008] d...  3393.648444: bpf_trace_printk: free entered, address = 56140ebca620, size = 7

            """, """
            a 0 7 8 time=0 by=top
            f 0 time=10
            """),
        new("LTTng's wrapper", "lttng", """
            [20:38:11.907388453] (+3.229928201) desktop lttng_ust_libc:malloc: { cpu_id = 1 }, { size = 4, ptr = 0x151BD40 }
            [20:38:11.908388453] (+0.001000000) desktop lttng_ust_libc:calloc: { cpu_id = 1 }, { nmemb = 3, size = 5, ptr = 0x151BD60 }
            [20:38:11.909388453] (+0.001000000) desktop lttng_ust_libc:realloc: { cpu_id = 1 }, { in_ptr = 0x151BD40, size = 400, ptr = 0x151BE00 }
            [20:38:11.910388453] (+0.001000000) desktop lttng_ust_libc:posix_memalign: { cpu_id = 1 }, { out_ptr = 0x151C000, alignment = 64, size = 100, result = 0 }
            [20:38:11.911391355] (+0.001002902) desktop lttng_ust_libc:free: { cpu_id = 1 }, { ptr = 0x151BD60 }
            [20:38:11.912395975] (+0.000004620) desktop lttng_ust_cyg_profile:func_entry: { cpu_id = 1 }, { addr = 0x4006B6, call_site = 0x40076D }

            """, """
            a 0 4 8 time=0
            a 1 15 8 time=1
            f 0 time=2
            a 2 400 8 time=2
            a 3 100 64 time=3
            f 1 time=4
            """),
        new("ESP-IDF 3.x, leaks", "esp-heap-trace", """
            2 allocations trace (100 entry buffer)
            32 bytes (@ 0x3ffaf214) allocated CPU 0 ccount 0x2e9b7384 caller 0x400d276d:0x400d27c1
            0x400d276d: leak_some_memory at /path/to/idf/examples/get-started/blink/main/./blink.c:27
            0x400d27c1: blink_task at /path/to/idf/examples/get-started/blink/main/./blink.c:52
            8 bytes (@ 0x3ffaf804) allocated CPU 0 ccount 0x2e9b79c0 caller 0x400d2776:0x400d27c1
            40 bytes 'leaked' in trace (2 allocations)
            total allocations 2 total frees 0

            """, """
            a 0 32 8 by=leak_some_memory
            a 1 8 8 by=blink_task
            """),
        new("ESP-IDF 4.x, all", "esp-heap-trace", """
            ====== Heap Trace: 3 records (8 capacity) ======
                 6 bytes (@ 0x3fc9f620, Internal) allocated CPU 0 ccount 0x1a31ac84 caller 0x40376321:0x40376379
            freed by 0x403839e4:0x42008096
                 9 bytes (@ 0x3fc9f620, Internal) allocated CPU 1 ccount 0x1a31b588 caller 0x40376321:0x40376379
               120 bytes (@ 0x3c0a0000,    PSRAM) allocated CPU 0 ccount 0x1a31c588 caller 0x40376321:0x40376379
            ====== Heap Trace Summary ======
            Mode: Heap Trace All
            129 bytes alive in trace (2/3 allocations)

            """, """
            a 0 6 8 by=0x40376321
            f 0
            a 1 9 8 by=0x40376321
            a 2 120 8 by=0x40376321
            """),
        new("ESP-IDF 5.x, two dumps of leaks", "esp-heap-trace", """
            ====== Heap Trace: 2 records (8 capacity) ======
                 6 bytes (@ 0x3fcb26f8, Internal) allocated CPU 0 ccount 0x1e7af728
                 9 bytes (@ 0x3fcb4ff0, Internal) allocated CPU 0 ccount 0x1e7afc38
            ====== Heap Trace Summary ======
            Mode: Heap Trace Leaks
            ====== Heap Trace: 2 records (8 capacity) ======
                 9 bytes (@ 0x3fcb4ff0, Internal) allocated CPU 0 ccount 0x1e7afc38
                15 bytes (@ 0x3fcb5020, Internal) allocated CPU 0 ccount 0x1e7b0d18 freed
            ====== Heap Trace Summary ======

            """, """
            a 0 6 8
            a 1 9 8
            f 0
            a 2 15 8
            f 2
            """),
        new("sysviewtrace_proc.py", "sysview", """
            [0.002244575] HEAP: Allocated 1 bytes @ 0x3ffaffd8 from task "alloc0" on core 0 by: 0x40377a22:0x40377a3f
            [0.004252050] HEAP: Allocated 2 bytes @ 0x3ffaffe0 from task "alloc0" on core 0 by: 0x40377a22:0x40377a3f
            [0.006259525] HEAP: Freed bytes @ 0x3ffaffe0 from task "free0" on core 0 by: 0x40377a22
            =============== HEAP TRACE REPORT ===============
            Processed 3 heap events.
            [0.002244575] HEAP: Allocated 1 bytes @ 0x3ffaffd8 from task "alloc0" on core 0 by: 0x40377a22:0x40377a3f
            Found 1 leaked bytes in 1 blocks.

            """, """
            a 0 1 8 time=0 by=alloc0
            a 1 2 8 time=2 by=alloc0
            f 1 time=4
            """),
        new("Mbed OS", "mbed", """
            #m:0x20003080;0x182f-50
            #c:0x200030c0;0x182f-4;25
            #r:0x20003180;0x184f-0x20003080;100
            #m:0x0;0x182f-90000
            #f:0x0;0x183f-0x20003180

            """, """
            a 0 50 8 by=0x182f
            a 1 100 8 by=0x182f
            f 0
            a 2 100 8 by=0x184f
            # refused
            a 3 90000 8 by=0x182f
            f 3
            f 2
            """),
        new("NuttX", "nuttx", """
            # tracer:nop
            #
               hello-7   [0]  21.400000000: tracing_mark_write: C|7|Heap Usage|1024|malloc: heap: 0x20000400 size:80, address: 0x20001230
               hello-7   [0]  21.401000000: sched_switch: prev_comm=hello prev_pid=7
            Idle_Task-0   [0]  21.405000000: tracing_mark_write: C|0|Heap Usage|944|free: heap: 0x20000400 size:80, address: 0x20001230

            """, """
            a 0 80 8 time=0 by=hello
            f 0 time=5
            """),
        new("a table", "csv", """
            time_ms,op,address,size,owner
            0,malloc,0x20001000,100,"task, one"
            5,malloc,0x20002000,50,two
            7,free,0x20001000,0,two
            9,realloc,0x20002000,70,two

            """, """
            a 0 100 8 time=0 by=task,_one
            a 1 50 8 time=5 by=two
            f 0 time=7
            f 1 time=9
            a 2 70 8 time=9 by=two
            """),
        new("a table of FreeRTOS, between semicolons", "csv", """
            Tick;Event;Ptr;Size;Task
            10;traceMALLOC;0x3ffb0000;128;wifi
            12;traceFREE;0x3ffb0000;128;wifi

            """, """
            a 0 128 8 time=0 by=wifi
            f 0 time=2
            """),
        new("a table between tabs, in seconds", "csv",
            "t\tcall\tptr\told_ptr\tsize\tcount\tcaller\n0.5\tcalloc\t1000\t\t10\t3\tinit\n0.75\trealloc\t2000\t1000\t64\t\tgrow\n1.0\tfree\t2000\t\t\t\t\n", """
            a 0 30 8 time=0 by=init
            f 0 time=250
            a 1 64 8 time=250 by=grow
            f 1 time=500
            """),
    ];

    public static IEnumerable<object[]> Rows => All.Select(sample => new object[] { sample.Name });

    public static TracerSample Named(string name) => All.Single(sample => sample.Name == name);
}
