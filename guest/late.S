# Opens late: keeps IF=0 for some tenths of a second after it is ready, then sleeps like the main guest.

        .include "long64.inc"

        .set    WHILE, 1200000000                     # TSC cycles: 0.2 to 0.6 s on the CPUs of today

main:
        call    install_idt
        call    program_pics
        call    report_ready
        call    read_tsc
        mov     %rax, %rbx
closed: call    read_tsc
        sub     %rbx, %rax
        cmp     $WHILE, %rax
        jb      closed
sleep:  sti
        hlt
        jmp     sleep

# RAX = the time-stamp counter. Destroys RDX.
read_tsc:
        rdtsc
        shl     $32, %rdx
        or      %rdx, %rax
        ret
