# The LAPIC timer in periodic mode: armed once, it ticks until the guest stops it.

        .set    APIC, 1
        .set    TIMER, 1
        .set    HANDLER_WORKS, 1
        .include "long64.inc"
        .include "tsc.inc"
        .include "timer.inc"
        .include "lapic-timer.inc"

main:
        call    install_idt
        call    program_apics
        mov     $TIMER_PERIODIC, %eax
        call    program_timer
        call    report_ready
        jmp     take_ticks

arm:    mov     period, %eax
        jmp     count_down

disarm: xor     %eax, %eax
        jmp     count_down
