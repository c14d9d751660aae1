package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link TeacherTable} by Maven: {@code -Dtest=TeacherTableRun -Dteacher.folder=<results> -Dteacher.maps=<label maps>
 * -Dsteps=400 -Dengine.extremes=false}. No test of the build: its name keeps it out.
 */
class TeacherTableRun {

    @Test
    @EnabledIfSystemProperty(named = "teacher.folder", matches = ".+")
    void run() throws IOException {
        TeacherTable.main(new String[]{System.getProperty("teacher.folder"), System.getProperty("teacher.maps"),
            System.getProperty("teacher.part", "report"),
            System.getProperty("teacher.methods", "source,atlas,oracle,augmentation,dann+consistency,soft,both"),
            System.getProperty("teacher.seeds", "1,2"), System.getProperty("teacher.targets", "B1,B2")});
    }
}
