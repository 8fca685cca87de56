# The LAPIC timer in TSC-deadline mode: each tick arms the next, at a value of the time-stamp counter.

        .set    APIC, 1
        .set    TIMER, 1
        .set    HANDLER_WORKS, 1
        .set    ARMS_EACH_TICK, 1
        .include "long64.inc"
        .include "tsc.inc"
        .include "timer.inc"
        .include "lapic-timer.inc"

main:
        call    install_idt
        call    program_apics
        mov     $TIMER_TSC_DEADLINE, %eax
        call    program_timer
        call    report_ready
        jmp     take_ticks

arm:    push    %rcx
        mov     period, %eax
        add     MAILBOX_ARMED, %rax                   # the deadline
        mov     %rax, %rdx
        shr     $32, %rdx
        mov     $MSR_TSC_DEADLINE, %ecx
        wrmsr
        pop     %rcx
        ret

disarm: ret                                           # the timer has expired
